// Photos to check, and a card for each with the verdict and the reasons.

import * as api from './api.js';
import { dropZone } from './drop.js';
import { announce, count, fileName, make, verdict } from './markup.js';
import { note, picture } from './pictures.js';
import { ownScores, rate } from './rate.js';
import { scale } from './scale.js';

/** The largest side of a photo on the page, in pixels. */
const SIDE = 640;
const WORDS = {
  match: (name) => `✓ This is ${name}`,
  uncertain: (name) => `? Perhaps ${name}`,
  'no-match': (name) => `✗ Not ${name}`,
  'no-face': () => '– No face found',
  error: () => '! Cannot be read',
};

/** The page on which photos are checked against everybody. */
export async function checkPage(list, server) {
  const people = new Map();
  for (const { id } of list.filter(({ usable }) => usable)) {
    const person = await api.person(id);
    note(person);
    people.set(id, person);
  }
  const cards = [];
  const results = make('ul', { class: 'results', 'aria-label': 'Verdicts' });
  const progress = make('p', { class: 'minor' });
  const again = () => cards.forEach((card) => card.judge());
  const sliders = [...people.values()].map((person) => rate(person,
    (threshold) => { person.threshold = threshold; again(); },
    (after) => { people.set(after.id, after); again(); }));
  const take = async (photos) => {
    const seen = [0, 0];
    await api.check(photos, server, undefined, (photo, verdicts, error) => {
      const card = new Card(photo, verdicts, error, people);
      cards.unshift(card);
      results.prepend(card.element);
      seen[0] += 1;
      seen[1] += verdicts.some(({ verdict: said }) => said === 'match') ? 1 : 0;
      progress.textContent = `${count(seen[0], 'photo')} of ${photos.length.toLocaleString('en')} checked, ${count(seen[1], 'match').replace('matchs', 'matches')}`;
    });
    announce(progress.textContent);
  };
  const names = [...people.values()].map(({ name }) => name).join(', ');
  const zone = dropZone({ title: 'Drop photos to check here', hint: `Who is looked for: ${names}.`, withCamera: true, take });
  const page = make('div', {}, make('h2', {}, 'Check photos'), zone, sliders, progress, results);
  page.paste = zone.paste;
  return page;
}

/** One checked photo. */
class Card {
  constructor(photo, verdicts, error, people) {
    this.verdicts = verdicts;
    this.people = people;
    this.error = error ?? verdicts.find((one) => one.error)?.error;
    this.canvas = make('canvas', { hidden: true, role: 'img', 'aria-label': `The photo ${photo.name} with the faces found in it` });
    this.said = make('div');
    this.element = make('li', { class: 'result' }, this.canvas, make('h3', {}, fileName(photo.name)), this.said);
    this.judge();
    // A browser does not show every format; what is said of the photo stands without it.
    this.show(photo.file).catch(() => {});
  }

  /** Say what the scores mean at the people's thresholds. */
  judge() {
    if (this.error) {
      return this.said.replaceChildren(make('strong', { class: 'verdict error' }, WORDS.error()), make('p', {}, this.error));
    }
    const judged = this.verdicts.map((one) => {
      const person = this.people.get(one.person);
      const threshold = person?.threshold ?? one.threshold;
      return { ...one, threshold, own: person ? ownScores(person) : [],
        verdict: one.score == null ? one.verdict : verdict(one.score, threshold) };
    });
    judged.sort((a, b) => (b.score ?? -9) - b.threshold - ((a.score ?? -9) - a.threshold));
    const [best, ...others] = judged;
    this.best = best;
    this.said.replaceChildren(...this.words(best), this.others(others));
    this.draw();
  }

  words(best) {
    const parts = [make('strong', { class: `verdict ${best.verdict}` }, WORDS[best.verdict](best.name))];
    if (best.score == null) return parts;
    const rarity = best.score >= 0.3 ? `About 1 stranger in ${Math.round(10 ** Math.min(best.score, 7)).toLocaleString('en', { maximumSignificantDigits: 2 })} looks as much like ${best.name}.` : 'Many strangers look as much like it.';
    const concerns = best.faces[0].concerns;
    parts.push(make('p', { class: 'minor' }, `Score ${best.score.toFixed(2)}. ${rarity}`), scale(best.score, best.threshold, best.own));
    if (concerns.length) parts.push(make('p', { class: 'minor' }, `Hard to judge: the face is ${concerns.join(', ').replace('-', ' ')}.`));
    parts.push(make('p', { class: 'minor' }, 'Most alike among the photos it learnt from:'),
      make('ul', { class: 'near' }, best.nearest.map(({ photo, cosine }) =>
        make('li', { title: `cosine ${cosine.toFixed(3)}` }, picture(best.person, photo), fileName(photo)))));
    return parts;
  }

  others(others) {
    return make('ul', { class: 'others' }, others.map((one) => make('li', { class: one.verdict },
      `${WORDS[one.verdict](one.name)}${one.score == null ? '' : `, score ${one.score.toFixed(2)}`}`)));
  }

  /** Decode the photo, and keep no more of it than is shown. */
  async show(file) {
    const whole = await createImageBitmap(file);
    const factor = Math.min(1, SIDE / Math.max(whole.width, whole.height));
    this.factor = factor;
    this.small = await createImageBitmap(whole, {
      resizeWidth: Math.max(1, Math.round(whole.width * factor)),
      resizeHeight: Math.max(1, Math.round(whole.height * factor)), resizeQuality: 'medium',
    });
    whole.close();
    this.draw();
  }

  /** The photo with its faces, the best one thick. */
  draw() {
    if (!this.small) return;
    const { canvas, small, factor } = this;
    [canvas.width, canvas.height, canvas.hidden] = [small.width, small.height, false];
    const pen = canvas.getContext('2d');
    pen.drawImage(small, 0, 0);
    const colours = getComputedStyle(document.body);
    for (const [i, face] of (this.best?.faces ?? []).entries()) {
      const [left, top, width, height] = face.box.map((side) => side * factor);
      for (const [colour, thick] of [['#000', 6], [colours.getPropertyValue(`--${verdict(face.score, this.best.threshold)}`), 3]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = thick * (i === 0 ? 1 : 0.6);
        pen.strokeRect(left, top, width, height);
      }
    }
  }
}
