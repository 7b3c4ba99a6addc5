// Photos to check, and a card for each with the verdict and the reasons.

import * as api from './api.js';
import { Card } from './card.js';
import { accepted, concernsOf, count, cutOffNote, fileName, make, number, rateOf, verdict } from './markup.js';
import { note, picture } from './pictures.js';
import { ownScores, rate } from './rate.js';
import { resultsPage } from './results.js';
import { scale } from './scale.js';

/** The largest score whose rarity was measured. */
const MEASURED = 5;
const WORDS = {
  match: (name) => `✓ This is ${name}`,
  uncertain: (name) => `? Maybe ${name}`,
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
  let cards = [];
  const again = () => cards.forEach((card) => card.judge());
  const sliders = [...people.values()].map((person) => rate(person,
    (threshold) => { person.threshold = threshold; again(); },
    (after) => { people.set(after.id, after); again(); }));
  const tally = (all) => {
    let [seen, matches] = [0, 0];
    return (card) => {
      seen += 1;
      matches += card.best?.verdict === 'match' ? 1 : 0;
      return `${count(seen, 'photo')} of ${all.toLocaleString('en')} checked, ${matches.toLocaleString('en')} ${matches === 1 ? 'match' : 'matches'}`;
    };
  };
  const names = [...people.values()].map(({ name }) => name).join(', ');
  const shown = resultsPage({
    heading: 'Check photos', label: 'Verdicts', title: 'Drop photos to check here', hint: `Checked against: ${names}.`,
    between: make('div', { class: 'rates' }, sliders), tally,
    look: (photos, signal, take) => api.check(photos, server, signal,
      (photo, verdicts, error) => take(new CheckedCard(photo, verdicts, error, people))),
  });
  cards = shown.cards;
  return shown.page;
}

/** One checked photo. */
class CheckedCard extends Card {
  constructor(photo, verdicts, error, people) {
    super(photo);
    this.verdicts = verdicts;
    this.people = people;
    this.error = error ?? verdicts.find((one) => one.error)?.error;
    this.judge();
  }

  /** Write the verdicts at the people's thresholds. */
  judge() {
    if (this.error) {
      return this.said.replaceChildren(make('strong', { class: 'verdict error' }, WORDS.error()), make('p', {}, this.error));
    }
    const judged = this.verdicts.map((one) => {
      const person = this.people.get(one.person);
      const threshold = person?.threshold ?? one.threshold;
      // The server's verdict counts until the threshold is moved.
      const moved = threshold !== one.threshold;
      const judge = (face) => (moved && face.score != null ? verdict(face.score, threshold) : face.verdict);
      const faces = one.faces.map((face) => ({ ...face, verdict: judge(face) }));
      return { ...one, faces, threshold, own: person ? ownScores(person) : [], known: person?.strangers, verdict: judge(one) };
    });
    judged.sort((a, b) => (b.score ?? -9) - b.threshold - ((a.score ?? -9) - a.threshold));
    const [best, ...others] = judged;
    this.best = best;
    this.said.replaceChildren(...this.words(best), this.others(others));
    this.mark();
  }

  words(best) {
    const parts = [make('strong', { class: `verdict ${best.verdict}` }, WORDS[best.verdict](best.name))];
    parts.push(...cutOffNote(best));
    if (best.score == null) return parts;
    const rarity = best.score < 0.3 ? `Many strangers look as much like ${best.name}.`
      : `${best.score > MEASURED ? 'Fewer than' : best.score < 1 ? 'About' : 'Only'} ${accepted(Math.min(rateOf(best.score, best.known), MEASURED), best.known)} looks as much like ${best.name}.`;
    const concerns = best.faces[0].concerns;
    parts.push(make('p', { class: 'minor' }, `Score ${number(best.score)}. ${rarity}`), scale(best.score, best.threshold, best.own, best.known));
    if (concerns.length) parts.push(make('p', { class: 'minor' }, `Hard to judge: ${concernsOf(concerns)}.`));
    parts.push(make('p', { class: 'minor' }, 'The most similar enrolled photos:'),
      make('ul', { class: 'near' }, best.nearest.map(({ photo, cosine }) =>
        make('li', { title: `cosine ${cosine.toFixed(3)}` }, picture(best.person, photo), fileName(photo)))));
    return parts;
  }

  others(others) {
    return make('ul', { class: 'others' }, others.map((one) => make('li', { class: one.verdict },
      `${WORDS[one.verdict](one.name)}${one.score == null ? '' : `, score ${number(one.score)}`}`)));
  }

  /** The faces by their verdict as the best person; the most similar one is thick. */
  marks() {
    return (this.best?.faces ?? []).map(({ box, verdict: said }, i) => ({ box, look: `${said}${i === 0 ? ' best' : ''}` }));
  }
}
