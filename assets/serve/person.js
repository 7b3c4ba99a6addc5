// A person's page: the photos, the slider, the plot, the report.

import * as api from './api.js';
import { lookAlikes, morePhotos, otherPeople } from './enrol.js';
import { announce, concernsOf, count, fileName, guarded, make } from './markup.js';
import { note, picture } from './pictures.js';
import { rate } from './rate.js';

/** The page of a person. `changed` is called after a change, `gone` after deletion; `look` opens the review. */
export function personPage(start, server, changed, gone, look) {
  const page = make('div');
  const show = (person) => {
    note(person);
    changed(person);
    const more = morePhotos(person, server, show);
    page.paste = (event) => more.paste(event);
    page.replaceChildren(head(person, show, gone, look), trust(person), audit(person, show),
      rate(person, () => {}, show), ...map(person), more,
      lookAlikes(person, server, show), otherPeople(person, server, show));
  };
  show(start);
  return page;
}

function head(person, show, gone, look) {
  const rename = guarded(async () => {
    const name = prompt('Name', person.name)?.trim();
    if (name) show(await api.change(person.id, { name }));
  });
  const born = guarded(async () => {
    const year = Number(prompt(`The year in which ${person.name} was born`, person.born ?? ''));
    if (year) show(await api.change(person.id, { born: year }));
  });
  const remove = guarded(async () => {
    if (!confirm(`Delete the profile of ${person.name}? The photos themselves are not deleted.`)) return;
    await api.remove(person.id);
    announce(`${person.name} was deleted.`);
    gone();
  });
  return make('div', {}, make('h2', {}, person.name), make('div', { class: 'row' },
    make('button', { type: 'button', id: 'look', onclick: look }, 'Review faces of a scan'),
    make('button', { type: 'button', onclick: rename }, 'Rename'),
    make('button', { type: 'button', id: 'born', onclick: born, title: 'A child’s photos stay useful for fewer years' },
      person.born ? `Born ${person.born}` : 'Born …'),
    make('a', { class: 'button', href: api.exportAddress(person.id), download: '' }, 'Export'),
    make('a', { class: 'button', href: api.reportAddress(person.id), target: '_blank', rel: 'noopener' }, 'Report'),
    make('button', { type: 'button', id: 'delete', onclick: remove }, 'Delete')));
}

/** How reliable the profile is, in one or two sentences. */
function trust({ counts, self_test: [test], name, years }) {
  const enrolled = `Enrolled with ${count(counts.kept, 'photo')}`;
  const rest = [[counts.set_aside, 'set aside'], [counts.duplicates, counts.duplicates === 1 ? 'copy' : 'copies']]
    .filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
  const doubt = !test?.photos ? ' One photo is enough to start; photos from other days make the profile reliable.'
    : ` Self-test: ${test.accepted} of ${count(test.photos, 'photo')} match a profile of ${name} made from the others.`;
  const gaps = (years?.gaps ?? []).map(({ after, before }) =>
    ` No photos between ${after} and ${before}; adding some would help.`).join('');
    const all = rest.length ? `${enrolled}; ${rest.join(', ')}` : enrolled;
    return make('p', { id: 'trust' }, `${all}.${doubt}${gaps}`);
}

function audit(person, show) {
  const part = (title, status, hint) => {
    const photos = person.photos.filter((photo) => photo.status === status);
    if (!photos.length) return [];
    photos.sort((a, b) => (a.score ?? 9) - (b.score ?? 9));
    return [make('h3', {}, `${title} (${photos.length.toLocaleString('en')})`), make('p', { class: 'minor' }, hint),
      make('ul', { class: 'faces' }, photos.map((photo) => make('li', {}, face(person, photo, show), out(person, photo, show))))];
  };
  return make('section', { id: 'audit', 'aria-label': 'Enrolled photos' },
    part('Set aside', 'set-aside', 'Click a photo with a face to count it anyway.'),
    part('Enrolled', 'kept', 'The least certain first. Click a wrong photo to set it aside.'),
    part('Copies', 'duplicate', 'They show the same picture as another photo, so they count once.'));
}

/** A button that removes a photo from the profile. */
function out(person, photo, show) {
  const name = fileName(photo.photo);
  const take = guarded(async () => {
    show(await api.takeOut(person.id, photo.photo));
    announce(`${name} was removed.`);
    document.querySelector('#audit button')?.focus({ preventScroll: true });
  });
  return make('button', { type: 'button', class: 'out', 'data-out': photo.photo, 'aria-label': `Remove ${name}`, title: 'Remove', onclick: take }, '×');
}

/** A photo that can be kept or left out. */
function face(person, photo, show) {
  const counts = photo.status === 'kept';
  const can = counts || (photo.status === 'set-aside' && photo.face);
  const flip = guarded(async () => {
    const choice = photo.choice !== 'auto' ? 'auto' : counts ? 'drop' : 'keep';
    show(await api.choose(person.id, photo.photo, choice));
    announce(`${fileName(photo.photo)} ${counts ? 'is set aside' : 'counts now'}.`);
    document.querySelector('#audit button')?.focus({ preventScroll: true });
  });
  const weak = counts && photo.score != null && photo.score < person.threshold;
  const why = photo.of ? `copy of ${fileName(photo.of)}` : photo.detail?.replace(`${photo.photo}: `, '')
    ?? (weak ? 'unlike the others' : null);
  const concerns = counts ? concernsOf(photo.concerns) : '';
  const words = [picture(person.id, photo.photo), why && make('span', { class: 'why' }, why),
    photo.score == null ? null : make('span', {}, `score ${photo.score.toFixed(1)}`),
    concerns && make('span', { class: 'why' }, concerns),
    photo.bystanders && photo.number
      ? make('span', { class: 'which' }, `face ${photo.number} of ${photo.bystanders + 1} from the left`) : null,
    photo.choice === 'keep' ? make('span', {}, 'kept by hand') : null,
    make('span', { class: 'name' }, fileName(photo.photo))].filter(Boolean);
  const look = `face${counts ? '' : photo.of ? ' copy' : ' aside'}`;
  return can ? make('button', { type: 'button', class: look, 'aria-pressed': String(counts), 'data-photo': photo.photo, onclick: flip }, words)
    : make('div', { class: look }, words);
}

/** The plot of the person's photos among strangers, drawn on demand. */
function map(person) {
  const place = make('div');
  const draw = () => place.replaceChildren(make('iframe', {
    src: api.plotAddress(person.id, view.value), title: `The photos of ${person.name} among strangers`, sandbox: 'allow-scripts allow-popups',
  }));
  const view = make('select', { id: 'view', onchange: draw },
    make('option', { value: 'pca' }, 'where they differ most'), make('option', { value: 'score' }, 'by score'),
    make('option', { value: 'tsne' }, 'similar faces together'));
  const open = make('button', { type: 'button', id: 'map', onclick: draw }, 'Draw');
  return [make('h3', {}, 'The faces among strangers'), make('div', { class: 'row' },
    make('label', { for: 'view' }, 'Arranged'), view, open), place];
}
