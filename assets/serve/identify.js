// Photos to identify people in, and a card for each with a name for every face.

import * as api from './api.js';
import { Card } from './card.js';
import { concernsOf, count, cutOffNote, fromLeft, make, number } from './markup.js';
import { resultsPage } from './results.js';

/** If there are more faces than this, unknown ones are marked by their number, because words would hide the others. */
const MOST_WORDS = 5;
/** Above this probability no exact value is shown. */
const SURE = 0.999;
const isKnown = ({ person }) => person != null;

/** The page on which every face gets the name of one of the enrolled people, or of nobody. */
export function identifyPage(list, server) {
  const names = list.filter(({ usable }) => usable).map(({ name }) => name).join(', ');
  const tally = (all) => {
    let [seen, faces, known] = [0, 0, 0];
    return (card) => {
      seen += 1;
      faces += card.faces.length;
      known += card.faces.filter(isKnown).length;
      return `${count(seen, 'photo')} of ${all.toLocaleString('en')} analysed: ${count(faces, 'face')}, ${known.toLocaleString('en')} recognised`;
    };
  };
  return resultsPage({
    heading: 'Who is it?', label: 'Who is in the photos', title: 'Drop photos here to see who is in them',
    hint: `Compared with: ${names}.`, between: null, tally,
    look: (photos, signal, take) => api.identify(photos, server, signal,
      (photo, found) => take(new NamedCard(photo, found))),
  }).page;
}

/** A photo with a name for each of its faces, from left to right. */
class NamedCard extends Card {
  constructor(photo, found) {
    super(photo);
    this.faces = fromLeft(found.faces);
    this.said.append(...this.words(found.error), ...cutOffNote(found));
  }

  words(error) {
    const verdict = (look, text) => make('strong', { class: `verdict ${look}` }, text);
    if (error) return [verdict('error', '! Cannot be read'), make('p', {}, error)];
    if (!this.faces.length) return [verdict('no-face', '– No face found')];
    return [this.summary(verdict), make('ol', { class: 'named' }, this.faces.map((face) =>
      make('li', { class: face.verdict }, sentence(face, this.faces))))];
  }

  /** Who is in the photo, in a line. */
  summary(verdict) {
    const known = this.faces.filter(isKnown).map(({ name }) => name);
    const unknown = this.faces.length - known.length;
    const others = known.length && unknown ? [`${unknown.toLocaleString('en')} unknown`] : [];
    if (known.length) return verdict('match', `✓ ${[...known, ...others].join(', ')}`);
    const doubt = this.faces.find(({ verdict: said }) => said === 'uncertain');
    return doubt ? verdict('uncertain', `? Maybe ${likest(doubt)}`) : verdict('no-match', '✗ Nobody enrolled');
  }

  marks() {
    const few = this.faces.length <= MOST_WORDS;
    return this.faces.map((face, i) => ({ box: face.box, look: face.verdict,
      label: isKnown(face) ? face.name : few ? 'unknown' : String(i + 1) }));
  }
}

const likest = ({ ranking: [first] }) => first?.name ?? 'somebody';

/** Who a face is, in words, among all faces of the photo. */
function sentence(face, all) {
  const hard = face.concerns.length ? `; hard to judge: ${concernsOf(face.concerns)}` : '';
  const score = number(face.score);
  if (isKnown(face)) {
    const sure = face.probability > SURE ? 'more than 99.9' : (100 * face.probability).toFixed(1);
    const also = face.ranking.filter((other) => other.person !== face.person && other.score >= face.threshold);
    const doubt = also.length ? `; also like ${also.map((other) => `${other.name} (${number(other.score)})`).join(', ')}` : '';
    return `${face.name}, score ${score}, ${sure} %${doubt}${hard}`;
  }
  if (face.verdict !== 'uncertain') return `unknown${hard}`;
  // A person is at most one face of a photo, so a second face like the same person stays unknown.
  const taken = all.some((other) => isKnown(other) && other.person === face.ranking[0]?.person);
  if (taken) return `unknown, like ${likest(face)} (${score}), who is another face here${hard}`;
  return `unknown, perhaps ${likest(face)} (${score}, a match needs ${number(face.threshold)})${hard}`;
}
