// Small pictures of enrolled faces: those of this session, and those that the server has.

import { faceAddress } from './api.js';
import { make } from './markup.js';

/** The faces of each photo of each person, as they were looked at in this session. */
const seen = new Map();
/** Whether the server has a picture, by person and photo. */
const kept = new Map();

const key = (id, photo) => `${id}\n${photo}`;

/** Remember the faces of photos, as long as this page is open. */
export function remember(id, photos) {
  for (const { photo, faces } of photos) {
    if (faces[0]?.crop) seen.set(key(id, photo), faces[0].crop);
  }
}

/** Note which pictures the server has. */
export function note(person) {
  for (const { photo, picture } of person.photos) kept.set(key(person.id, photo), picture);
}

/** The picture of an enrolled face, or a sign that there is none. */
export function picture(id, photo) {
  const known = key(id, photo);
  if (kept.get(known)) return make('img', { src: faceAddress(id, photo), alt: '', loading: 'lazy' });
  if (seen.has(known)) return make('img', { src: seen.get(known), alt: '' });
  return make('span', { class: 'none', 'aria-hidden': 'true' }, '☺');
}
