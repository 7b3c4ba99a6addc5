// Small pictures: of enrolled faces, from this session or the server, and of dropped photos.

import { faceAddress } from './api.js';
import { fromLeft, make } from './markup.js';

/** The faces of each photo of each person that were analysed in this session. */
const seen = new Map();
/** Whether the server has a picture, by person and photo. */
const kept = new Map();

const key = (id, photo) => `${id}\n${photo}`;

/** Remember the person's faces in photos, as long as this page is open. */
export function remember(person, photos) {
  const numbers = new Map(person.photos.map(({ photo, number }) => [photo, number]));
  for (const { photo, faces } of photos) {
    // The number counts from the left; the largest face comes first.
    const number = numbers.get(photo);
    const own = number ? fromLeft(faces)[number - 1] : faces[0];
    if (own?.crop) seen.set(key(person.id, photo), own.crop);
  }
}

/** Note which pictures the server has. */
export function note(person) {
  for (const { photo, picture } of person.photos) kept.set(key(person.id, photo), picture);
}

/** The picture of an enrolled face, or a placeholder. */
export function picture(id, photo) {
  const known = key(id, photo);
  if (kept.get(known)) return make('img', { src: faceAddress(id, photo), alt: '', loading: 'lazy' });
  if (seen.has(known)) return make('img', { src: seen.get(known), alt: '' });
  return make('span', { class: 'none', 'aria-hidden': 'true' }, '☺');
}

/** The largest side of a photo on the page, in pixels; hundreds of whole photos would fill the memory. */
const SIDE = 640;
// One photo is decoded at a time.
let turn = Promise.resolve();

/** A small copy of a photo, turned as EXIF says: its URL, and the size of the photo in pixels. */
export function reduced(file) {
  const made = turn.then(() => reduce(file));
  turn = made.catch(() => {});
  return made;
}

async function reduce(file) {
  const whole = await createImageBitmap(file);
  const { width, height } = whole;
  const factor = Math.min(1, SIDE / Math.max(width, height));
  const canvas = make('canvas', { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) });
  const pen = canvas.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const small = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
  return { url: URL.createObjectURL(small), width, height };
}

const waiting = new WeakMap();
const watch = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (!isIntersecting) continue;
    watch.unobserve(target);
    waiting.get(target)();
  }
}, { rootMargin: '600px' });

/** Call `show` once, when an element is nearly visible. */
export function whenNear(element, show) {
  waiting.set(element, show);
  watch.observe(element);
}
