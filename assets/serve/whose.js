// Asks which face is the person's, if the only photo shows several people.

import { announce, fromLeft, make } from './markup.js';

/** A face at least this high relative to the largest may also be the person's. */
const LIKE = 0.7;

/** Whether the largest face does not stand out. */
function inDoubt(faces) {
  const [largest, second] = faces.map(({ box }) => box[3]).sort((a, b) => b - a);
  return second >= LIKE * largest;
}

/**
 * Ask for the person's face if there is only one photo with faces and several are of similar size. With more photos,
 * the person in most of them is taken. The answer is noted in the photo.
 */
export async function askWhose(photos, place) {
  const [photo, ...others] = photos.filter(({ faces }) => faces.length);
  // Copies of one file are one photo.
  if (!photo || others.some(({ sha256 }) => sha256 !== photo.sha256) || !inDoubt(photo.faces)) return;
  photo.face = await answer(fromLeft(photo.faces), place);
}

/** The number of the clicked face, from the left; the question can be cancelled. */
function answer(faces, place) {
  return new Promise((done, fail) => {
    const leave = () => fail(new DOMException('Nobody was enrolled.', 'AbortError'));
    const buttons = faces.map(({ crop }, i) => make('li', {},
      make('button', { type: 'button', class: 'face', 'data-face': i + 1, onclick: () => done(i + 1) },
        crop ? make('img', { src: crop, alt: '' }) : make('span', { class: 'none', 'aria-hidden': 'true' }, '☺'),
        `Number ${i + 1} from the left`)));
    place.replaceChildren(make('section', { class: 'whose', role: 'group', 'aria-labelledby': 'whose' },
      make('h3', { id: 'whose' }, 'Whose face is it?'),
      make('p', { class: 'minor' }, 'The photo shows several people. Click the face of the person to enrol.'),
      make('ul', { class: 'faces' }, buttons), make('button', { type: 'button', onclick: leave }, 'Another photo instead')));
    announce('The photo shows several people. Whose face is it?');
    place.querySelector('button').focus();
  });
}
