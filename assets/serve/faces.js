// Unknown faces: the server groups them by person; groups are corrected and named here.

import * as api from './api.js';
import { dropZone } from './drop.js';
import { lookAt } from './enrol.js';
import { announce, count, fileName, fromLeft, guarded, make } from './markup.js';
import { remember } from './pictures.js';

/** The page; `enrolled` is called when a group has become a person. */
export function facesPage(server, enrolled) {
  const progress = make('div');
  const result = make('div', { id: 'result' });
  const take = guarded(async (photos) => {
    result.replaceChildren();
    try {
      const found = await lookAt(photos, progress, server);
      // Pictures of the faces need not be sent back.
      const lean = found.map((photo) => ({ ...photo, faces: photo.faces.map(({ crop, ...face }) => face) }));
      const gathered = await api.gather({ photos: lean });
      new Groups(gathered, found, server, enrolled).into(result);
    } finally {
      progress.replaceChildren();
    }
  });
  const zone = dropZone({
    title: 'Drop photos here to see who is in them', withPaste: true, take,
    hint: 'A folder works too. Faces of enrolled people are left out; the others are put into groups, one for each person.',
  });
  const page = make('div', {}, make('h2', {}, 'Unknown faces'), zone, progress, result);
  page.paste = zone.paste;
  return page;
}

/** The groups, with the user's changes. */
class Groups {
  constructor(gathered, photos, server, enrolled) {
    Object.assign(this, { gathered, server, enrolled });
    this.photos = new Map(photos.map((photo) => [`${photo.photo}\n${photo.sha256}`, photo]));
    this.groups = gathered.groups.map(({ group, name, faces }) => ({ number: group, name, faces, picked: new Set() }));
    this.next = this.groups.length + 1;
    this.marked = new Set();
    this.list = make('ul', { class: 'groups' });
    this.merge = make('button', { type: 'button', id: 'merge', disabled: true, onclick: () => this.join() }, 'These are one person');
  }

  into(place) {
    const { photos, faces, known, alone } = this.gathered;
    const left = known ? `, ${known.toLocaleString('en')} of enrolled people` : '';
    place.replaceChildren(
      make('p', {}, `${count(photos, 'photo')}, ${count(faces, 'face')}: ${count(this.groups.length, 'group')}, ${alone.toLocaleString('en')} alone${left}.`),
      this.groups.length ? make('p', { class: 'minor' }, 'Name a group to enrol it. Tick groups that show one person to join them. Click faces of somebody else to move them to a new group.') : null,
      this.groups.length ? this.merge : null, this.list);
    this.list.replaceChildren(...this.groups.map((group) => this.item(group)));
  }

  /** The analysed photo of a member. */
  photo(member) {
    return this.photos.get(`${member.photo}\n${member.sha256}`);
  }

  crop(member) {
    const photo = this.photo(member);
    return photo && fromLeft(photo.faces)[member.number - 1]?.crop;
  }

  /** A group's element, drawn anew. */
  redraw(group) {
    const old = group.element;
    const fresh = this.item(group);
    old.replaceWith(fresh);
    return fresh;
  }

  item(group) {
    const id = `group-${group.number}`;
    const tick = make('input', { type: 'checkbox', id, checked: this.marked.has(group), onchange: () => {
      this.marked[tick.checked ? 'add' : 'delete'](group);
      item.classList.toggle('picked', tick.checked);
      this.merge.disabled = this.marked.size < 2;
    } });
    const name = make('input', { type: 'text', maxlength: 100, autocomplete: 'off', placeholder: 'Name', 'aria-label': `Name of group ${group.number}` });
    const form = make('form', { onsubmit: (event) => {
      event.preventDefault();
      guarded(() => this.enrol(group, name.value.trim()))();
    } }, tick, make('label', { for: id }, make('strong', {}, `Group ${group.number}`), ` ${count(group.faces.length, 'face')}`),
    group.name ? make('span', { class: 'minor' }, `probably ${group.name}, who is enrolled`) : null,
    name, make('button', { class: 'main' }, 'Enrol'));
    const part = make('button', { type: 'button', class: 'part', disabled: true, onclick: () => this.part(group) }, 'Somebody else');
    form.append(part);
    const item = make('li', { 'data-group': group.number, class: this.marked.has(group) ? 'picked' : null }, form,
      make('ul', { class: 'crops' }, group.faces.map((member) => make('li', {}, this.face(group, member, part)))));
    group.element = item;
    return item;
  }

  face(group, member, part) {
    const crop = this.crop(member);
    const name = fileName(member.photo);
    return make('button', { type: 'button', 'aria-pressed': 'false', title: name, onclick: (event) => {
      const pressed = !group.picked.has(member);
      group.picked[pressed ? 'add' : 'delete'](member);
      event.currentTarget.setAttribute('aria-pressed', String(pressed));
      part.disabled = !group.picked.size || group.picked.size === group.faces.length;
    } }, crop ? make('img', { src: crop, alt: name, loading: 'lazy' }) : name);
  }

  /** Join the ticked groups: the first gets the others' faces. */
  join() {
    const [first, ...others] = this.groups.filter((group) => this.marked.has(group));
    for (const other of others) {
      first.faces.push(...other.faces);
      other.element.remove();
    }
    this.groups = this.groups.filter((group) => !others.includes(group));
    this.marked.clear();
    first.picked.clear();
    this.merge.disabled = true;
    this.redraw(first);
    announce(`Group ${first.number} now has ${count(first.faces.length, 'face')}.`);
  }

  /** Move the clicked faces of a group to a new group after it. */
  part(group) {
    const other = { number: this.next, name: null, faces: group.faces.filter((face) => group.picked.has(face)), picked: new Set() };
    this.next += 1;
    group.faces = group.faces.filter((face) => !group.picked.has(face));
    group.picked.clear();
    this.groups.splice(this.groups.indexOf(group) + 1, 0, other);
    this.redraw(group).after(this.item(other));
    announce(`Group ${other.number} has ${count(other.faces.length, 'face')}.`);
  }

  /** Enrol a group under a name. */
  async enrol(group, name) {
    if (!name) throw new Error('Give the group a name.');
    // A person is only one face of a photo.
    const members = new Map(group.faces.map((member) => [this.photo(member), member]).reverse());
    const photos = [...members].map(([photo, { number }]) => ({ ...photo, face: number }));
    const person = await api.create({ name, photos });
    remember(person, photos);
    this.groups = this.groups.filter((other) => other !== group);
    this.marked.delete(group);
    this.merge.disabled = this.marked.size < 2;
    group.element.replaceWith(make('li', { class: 'enrolled' }, `✓ ${person.name} is enrolled with ${count(person.photos.length, 'photo')}.`));
    announce(`${person.name} is enrolled.`);
    await this.enrolled();
  }
}
