// What was learnt of a person: the audit of the photos, the slider, the map, the report.

import * as api from './api.js';
import { lookAlikes, morePhotos, otherPeople } from './enrol.js';
import { announce, concernsOf, count, fileName, guarded, make } from './markup.js';
import { note, picture } from './pictures.js';
import { rate } from './rate.js';

/** The page of a person. `changed` is told of a new name, `gone` that it was deleted; `look` opens what a scan found. */
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
    if (!confirm(`Delete what was learnt of ${person.name}? The photos themselves stay.`)) return;
    await api.remove(person.id);
    announce(`${person.name} is deleted.`);
    gone();
  });
  return make('div', {}, make('h2', {}, person.name), make('div', { class: 'row' },
    make('button', { type: 'button', id: 'look', onclick: look }, 'Look through what a scan found'),
    make('button', { type: 'button', onclick: rename }, 'Rename'),
    make('button', { type: 'button', id: 'born', onclick: born, title: 'A child’s photos are of use for fewer years' },
      person.born ? `Born ${person.born}` : 'Born …'),
    make('a', { class: 'button', href: api.exportAddress(person.id), download: '' }, 'Export'),
    make('a', { class: 'button', href: api.reportAddress(person.id), target: '_blank', rel: 'noopener' }, 'Report'),
    make('button', { type: 'button', id: 'delete', onclick: remove }, 'Delete')));
}

/** Whether to trust it, in a sentence. */
function trust({ counts, self_test: [test], name, years }) {
  const learnt = `Learnt from ${count(counts.kept, 'photo')}`;
  const rest = [[counts.set_aside, 'set aside'], [counts.duplicates, counts.duplicates === 1 ? 'is a copy' : 'are copies']]
    .filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
  const doubt = !test?.photos ? ' One photo is enough to begin with; more of other days make it reliable.'
    : ` Tested on itself: ${test.accepted} of ${count(test.photos, 'photo')} would be recognised as ${name} by the others.`;
  const gaps = (years?.gaps ?? []).map(({ after, before }) =>
    ` Nothing between ${after} and ${before}: photos of then would help.`).join('');
  return make('p', { id: 'trust' }, `${[learnt, ...rest].join(', ')}.${doubt}${gaps}`);
}

function audit(person, show) {
  const part = (title, status, hint) => {
    const photos = person.photos.filter((photo) => photo.status === status);
    if (!photos.length) return [];
    photos.sort((a, b) => (a.score ?? 9) - (b.score ?? 9));
    return [make('h3', {}, `${title} (${photos.length.toLocaleString('en')})`), make('p', { class: 'minor' }, hint),
      make('ul', { class: 'faces' }, photos.map((photo) => make('li', {}, face(person, photo, show), out(person, photo, show))))];
  };
  return make('section', { id: 'audit', 'aria-label': 'Photos it learnt from' },
    part('Set aside', 'set-aside', 'Click a photo with a face to let it count all the same.'),
    part('Learnt from', 'kept', 'The least certain first. Click one that is not right to leave it out.'),
    part('Copies', 'duplicate', 'They show what another photo shows and count once.'));
}

/** A button that takes a photo out of the list altogether. */
function out(person, photo, show) {
  const name = fileName(photo.photo);
  const take = guarded(async () => {
    show(await api.takeOut(person.id, photo.photo));
    announce(`${name} is taken out; learnt anew.`);
    document.querySelector('#audit button')?.focus({ preventScroll: true });
  });
  return make('button', { type: 'button', class: 'out', 'data-out': photo.photo, 'aria-label': `Take ${name} out`, title: 'Take it out', onclick: take }, '×');
}

/** A photo that can be kept or left out. */
function face(person, photo, show) {
  const counts = photo.status === 'kept';
  const can = counts || (photo.status === 'set-aside' && photo.face);
  const flip = guarded(async () => {
    const choice = photo.choice !== 'auto' ? 'auto' : counts ? 'drop' : 'keep';
    show(await api.choose(person.id, photo.photo, choice));
    announce(`${fileName(photo.photo)} ${counts ? 'is left out' : 'counts'}; learnt anew.`);
    document.querySelector('#audit button')?.focus({ preventScroll: true });
  });
  const weak = counts && photo.score != null && photo.score < person.threshold;
  const why = photo.of ? `copy of ${fileName(photo.of)}` : photo.detail?.replace(`${photo.photo}: `, '')
    ?? (weak ? 'hardly like the others' : null);
  const concerns = counts ? concernsOf(photo.concerns) : '';
  const words = [picture(person.id, photo.photo), why && make('span', { class: 'why' }, why),
    photo.score == null ? null : make('span', {}, `score ${photo.score.toFixed(1)}`),
    concerns && make('span', { class: 'why' }, concerns),
    photo.bystanders && photo.number
      ? make('span', { class: 'which' }, `${count(photo.bystanders + 1, 'face')}, number ${photo.number} from the left`) : null,
    photo.choice === 'keep' ? make('span', {}, 'kept by hand') : null,
    make('span', { class: 'name' }, fileName(photo.photo))].filter(Boolean);
  const look = `face${counts ? '' : photo.of ? ' copy' : ' aside'}`;
  return can ? make('button', { type: 'button', class: look, 'aria-pressed': String(counts), 'data-photo': photo.photo, onclick: flip }, words)
    : make('div', { class: look }, words);
}

/** The person's photos among strangers, drawn when it is asked for. */
function map(person) {
  const place = make('div');
  const draw = () => place.replaceChildren(make('iframe', {
    src: api.plotAddress(person.id, view.value), title: `The photos of ${person.name} among strangers`, sandbox: 'allow-scripts allow-popups',
  }));
  const view = make('select', { id: 'view', onchange: draw },
    make('option', { value: 'pca' }, 'where they differ most'), make('option', { value: 'score' }, 'by score'),
    make('option', { value: 'tsne' }, 'alike side by side'));
  const open = make('button', { type: 'button', id: 'map', onclick: draw }, 'Draw');
  return [make('h3', {}, 'The faces among strangers'), make('div', { class: 'row' },
    make('label', { for: 'view' }, 'Laid out'), view, open), place];
}
