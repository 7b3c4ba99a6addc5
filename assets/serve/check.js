// Photos to check, and a card for each with the verdict and the reasons.

import * as api from './api.js';
import { dropZone } from './drop.js';
import { accepted, announce, count, draw, fileName, make, number, rateOf, verdict } from './markup.js';
import { note, picture, reduced, whenNear } from './pictures.js';
import { ownScores, rate } from './rate.js';
import { scale } from './scale.js';

/** The largest score whose rarity was measured. */
const MEASURED = 5;
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
  let stop = new AbortController();
  const cancel = make('button', { type: 'button', hidden: true, onclick: () => stop.abort() }, 'Stop');
  const again = () => cards.forEach((card) => card.judge());
  const sliders = [...people.values()].map((person) => rate(person,
    (threshold) => { person.threshold = threshold; again(); },
    (after) => { people.set(after.id, after); again(); }));
  const take = async (photos) => {
    let [seen, matches] = [0, 0];
    stop = new AbortController();
    cancel.hidden = false;
    try {
      await api.check(photos, server, stop.signal, (photo, verdicts, error) => {
        const card = new Card(photo, verdicts, error, people);
        cards.unshift(card);
        results.prepend(card.element);
        seen += 1;
        matches += card.best?.verdict === 'match' ? 1 : 0;
        progress.textContent = `${count(seen, 'photo')} of ${photos.length.toLocaleString('en')} checked, ${matches.toLocaleString('en')} ${matches === 1 ? 'match' : 'matches'}`;
      });
    } finally {
      cancel.hidden = true;
      announce(progress.textContent);
    }
  };
  const names = [...people.values()].map(({ name }) => name).join(', ');
  const zone = dropZone({ title: 'Drop photos to check here', hint: `Who is looked for: ${names}.`, withCamera: true, take });
  const page = make('div', {}, make('h2', {}, 'Check photos'), zone,
    make('div', { class: 'rates' }, sliders), make('div', { class: 'row' }, progress, cancel), results);
  page.paste = zone.paste;
  return page;
}

/** One checked photo. */
class Card {
  constructor(photo, verdicts, error, people) {
    this.verdicts = verdicts;
    this.people = people;
    this.error = error ?? verdicts.find((one) => one.error)?.error;
    this.name = fileName(photo.name);
    this.photo = make('div', { class: 'photo', hidden: true });
    this.said = make('div');
    this.element = make('li', { class: 'result' }, this.photo, make('h3', {}, this.name), this.said);
    this.judge();
    // A browser does not show every format; what is said of the photo stands without it.
    whenNear(this.element, () => reduced(photo.file).then((small) => {
      this.show(small);
    }, () => {}));
  }

  /** Say what the scores mean at the people's thresholds. */
  judge() {
    if (this.error) {
      return this.said.replaceChildren(make('strong', { class: 'verdict error' }, WORDS.error()), make('p', {}, this.error));
    }
    const judged = this.verdicts.map((one) => {
      const person = this.people.get(one.person);
      const threshold = person?.threshold ?? one.threshold;
      return { ...one, threshold, own: person ? ownScores(person) : [], known: person?.strangers,
        verdict: one.score == null ? one.verdict : verdict(one.score, threshold) };
    });
    judged.sort((a, b) => (b.score ?? -9) - b.threshold - ((a.score ?? -9) - a.threshold));
    const [best, ...others] = judged;
    this.best = best;
    this.said.replaceChildren(...this.words(best), this.others(others));
    this.mark();
  }

  words(best) {
    const parts = [make('strong', { class: `verdict ${best.verdict}` }, WORDS[best.verdict](best.name))];
    if (best.score == null) return parts;
    const rarity = best.score < 0.3 ? 'Many strangers look as much like it.'
      : `${best.score > MEASURED ? 'Fewer than' : best.score < 1 ? 'About' : 'Only'} ${accepted(Math.min(rateOf(best.score, best.known), MEASURED), best.known)} looks as much like ${best.name}.`;
    const concerns = best.faces[0].concerns;
    parts.push(make('p', { class: 'minor' }, `Score ${number(best.score)}. ${rarity}`), scale(best.score, best.threshold, best.own, best.known));
    if (concerns.length) parts.push(make('p', { class: 'minor' }, `Hard to judge: the face is ${concerns.join(', ').replace('-', ' ')}.`));
    parts.push(make('p', { class: 'minor' }, 'Most alike among the photos it learnt from:'),
      make('ul', { class: 'near' }, best.nearest.map(({ photo, cosine }) =>
        make('li', { title: `cosine ${cosine.toFixed(3)}` }, picture(best.person, photo), fileName(photo)))));
    return parts;
  }

  others(others) {
    return make('ul', { class: 'others' }, others.map((one) => make('li', { class: one.verdict },
      `${WORDS[one.verdict](one.name)}${one.score == null ? '' : `, score ${number(one.score)}`}`)));
  }

  /** Show the photo; its address is not needed once it is there. */
  show({ url, width, height }) {
    const picture = make('img', { src: url, width, height, alt: `The photo ${this.name}`, onload: () => URL.revokeObjectURL(url) });
    this.boxes = draw('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
    this.photo.append(picture, this.boxes);
    this.photo.hidden = false;
    this.mark();
  }

  /** Draw the faces into the photo, the best one thick. */
  mark() {
    if (!this.boxes) return;
    this.boxes.replaceChildren();
    for (const [i, face] of (this.best?.faces ?? []).entries()) {
      const [x, y, width, height] = face.box;
      const said = verdict(face.score, this.best.threshold);
      const look = `${said}${i === 0 ? ' best' : ''}`;
      this.boxes.append(draw('rect', { class: 'around', x, y, width, height }), draw('rect', { class: look, x, y, width, height }));
    }
  }
}
