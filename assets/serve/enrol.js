// Enrolling a person, or adding photos: photos are analysed a few at a time, then enrolled at once.

import * as api from './api.js';
import { dropZone } from './drop.js';
import { announce, count, cutOff, fileName, guarded, make } from './markup.js';
import { remember } from './pictures.js';
import { askWhose } from './whose.js';

/** Analyse photos with a progress bar and a way to stop. Returns the photos with their faces. */
export async function lookAt(photos, place, server) {
  const stop = new AbortController();
  const bar = make('progress', { max: photos.length, value: 0, 'aria-label': 'Photos analysed' });
  const text = make('p', { class: 'minor' });
  const faces = make('ul', { class: 'faces' });
  const cancel = make('button', { type: 'button', onclick: () => stop.abort() }, 'Stop');
  place.replaceChildren(make('div', { class: 'row' }, text, cancel), bar, faces);
  const found = [];
  await api.embed(photos, server, stop.signal, (seen) => {
    found.push(...seen);
    bar.value = found.length;
    text.textContent = `${count(found.length, 'photo')} of ${photos.length.toLocaleString('en')} analysed`;
    faces.append(...seen.map(arrived));
  });
  cancel.remove();
  return found;
}

function arrived({ photo, faces, truncated, missing, error: unread }) {
  const error = unread ?? (truncated ? cutOff({ missing }) : null);
  const crop = faces[0]?.crop;
  const picture = crop ? make('img', { src: crop, alt: '' }) : make('span', { class: 'none' }, error ? '!' : '–');
  const words = error ? make('span', { class: 'why' }, error.replace(`${photo}: `, ''))
    : faces.length ? null : make('span', { class: 'why' }, 'no face found');
  return make('li', { class: `face${error ? ' aside' : ''}` }, picture, words, make('span', { class: 'name' }, fileName(photo)));
}

/** The default name of the person in these photos: that of their folder. */
function folderOf(photos) {
  const parts = photos[0].name.split('/');
  return parts.length > 1 ? parts[0] : '';
}

/** The page on which somebody is enrolled; `done` gets the new person. */
export function newPerson(server, first, done) {
  const name = make('input', { type: 'text', id: 'name', maxlength: 100, autocomplete: 'off', placeholder: 'Name' });
  const keep = make('input', { type: 'checkbox', id: 'keep' });
  const progress = make('div', { id: 'progress' });
  const take = guarded(async (photos) => {
    name.value ||= folderOf(photos);
    zone.hidden = true;
    try {
      const found = await lookAt(photos, progress, server);
      await askWhose(found, progress);
      announce('All photos are analysed; enrolling.');
      const asked = { name: name.value.trim() || 'the person', photos: found, keep_faces: keep.checked };
      const person = await api.create(asked);
      remember(person, found);
      done(person);
    } catch (error) {
      progress.replaceChildren();
      throw error;
    } finally {
      zone.hidden = false;
    }
  });
  const zone = dropZone({
    title: 'Drop photos of one person here',
    hint: 'A folder works too. Five to twenty photos from different days are enough; photos of other people are found and set aside.',
    withPaste: true, take,
  });
  const page = make('div', {},
    make('h2', {}, first ? 'Enrol a person' : 'Enrol another person'),
    make('p', {}, make('label', { for: 'name' }, 'Name '), name), zone,
    server.encrypted ? null : make('p', {}, keep, ' ', make('label', { for: 'keep' }, 'Keep a small picture of each face, to show it on this page next time')),
    progress);
  page.paste = (event) => (zone.hidden ? null : zone.paste(event));
  return page;
}

/** A zone for photos that change a person: `send` gets the analysed photos and the given files. */
function changing(title, hint, server, send, withPaste = false) {
  const progress = make('div');
  const take = async (photos) => {
    try {
      await send(await lookAt(photos, progress, server), photos);
    } finally {
      progress.replaceChildren();
    }
  };
  const zone = dropZone({ title, hint, withPaste, take });
  const part = make('div', {}, zone, progress);
  part.paste = zone.paste;
  return part;
}

/** A zone for more photos of a person. */
export function morePhotos(person, server, changed) {
  const hint = 'Photos from other days, in other light and from other angles help most.';
  return changing(`Add photos of ${person.name}`, hint, server, async (photos, given) => {
    const after = await api.add(person.id, { photos });
    remember(after, photos);
    announce(`${count(given.length, 'photo')} added.`);
    changed(after);
  }, true);
}

/** The look-alikes of a person, with a zone for photos of another one. */
export function lookAlikes(person, server, changed) {
  const forget = (name) => guarded(async () => {
    changed(await api.forget(person.id, name));
    announce(`${name} is no longer kept apart.`);
  });
  const known = person.look_alikes.map(({ name, photos }) => make('li', {}, `${name}, ${count(photos, 'photo')} `,
    make('button', { type: 'button', 'data-name': name, onclick: forget(name) }, 'Forget')));
  const apart = (other, name) => guarded(async () => {
    changed(await api.tellApart(person.id, other));
    announce(`${person.name} and ${name} are kept apart.`);
    // The button is gone, so move the keyboard focus.
    document.getElementById('look-alikes')?.focus({ preventScroll: true });
  });
  const alike = person.alike.map(({ person: other, name }) => make('li', {},
    `${name} looks like ${person.name}: photos of one match the other. `,
    make('button', {
      type: 'button', 'data-apart': other, 'aria-label': `Keep apart: ${person.name} and ${name}`, onclick: apart(other, name),
    }, 'Keep these two apart')));
  const name = make('input', { type: 'text', id: 'apart', maxlength: 100, autocomplete: 'off', placeholder: 'Name' });
  const hint = `Photos of a look-alike, such as a sibling, who is then kept apart from ${person.name}.`;
  const zone = changing(`Add photos of somebody who is not ${person.name}`, hint, server, async (photos, given) => {
    const called = name.value.trim() || folderOf(given) || 'somebody else';
    const after = await api.keepApart(person.id, { name: called, photos });
    announce(`${called} is kept apart.`);
    changed(after);
  });
  return make('section', { id: 'look-alikes', tabindex: -1, 'aria-label': 'Not this person' }, make('h3', {}, `Not ${person.name}`),
    alike.length ? make('ul', { class: 'alike' }, alike) : null,
    known.length ? make('ul', { class: 'known' }, known) : null, make('p', {}, make('label', { for: 'apart' }, 'Name '), name), zone);
}

/** Zones for photos of other people, for the threshold or the supervised method; rarely needed, so collapsed. */
export function otherPeople(person, server, changed) {
  const strangers = changing('Add photos of strangers', `For example of the family or the class; ${person.name} may be in some. The threshold then keeps its rate among these people.`,
    server, async (photos) => {
      const after = await api.learnStrangers(person.id, { photos });
      announce(`The threshold is now ${after.threshold.toFixed(2)}.`);
      changed(after);
    });
  const forget = guarded(async () => {
    changed(await api.forgetStrangers(person.id));
    announce('The strangers were forgotten.');
  });
  const learnt = person.strangers ? make('p', {}, `The threshold is set by ${count(person.strangers.faces, 'face')} of strangers. `,
    make('button', { type: 'button', id: 'forget-strangers', onclick: forget }, 'Forget them')) : null;
  const negatives = changing('Add photos of other people', 'Only the method “supervised” uses them.', server, async (photos) => {
    const after = await api.addNegatives(person.id, { photos });
    announce(`${count(after.negatives, 'face')} of other people stored.`);
    changed(after);
  });
  const known = person.negatives ? make('p', {}, `${count(person.negatives, 'face')} of other people stored.`) : null;
  return make('details', { id: 'other-people' }, make('summary', {}, 'Other people'),
    make('section', { id: 'strangers' }, learnt, strangers), make('section', { id: 'negatives' }, known, negatives));
}
