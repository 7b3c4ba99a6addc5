// The page: navigation, and the part that is shown.

import * as api from './api.js';
import { checkPage } from './check.js';
import { onPaste } from './drop.js';
import { newPerson } from './enrol.js';
import { facesPage } from './faces.js';
import { identifyPage } from './identify.js';
import { complain, guarded, make } from './markup.js';
import { personPage } from './person.js';
import { reviewPage } from './review.js';

const main = document.getElementById('main');
const nav = document.getElementById('people');
let list = [];
let server;
/** The part of the page that is shown. */
let shown;

/** The buttons of all pages; the one that is shown is marked. */
function navigate() {
  const item = (key, label, open, trouble) => make('button', {
    type: 'button', 'data-page': key, 'aria-current': key === shown ? 'page' : null, title: trouble, onclick: guarded(open),
  }, label);
  const usable = list.filter((person) => person.usable).length;
  nav.replaceChildren(...usable ? [item('check', 'Check photos', openCheck)] : [],
    // With only one person, checking shows the same and more.
    ...usable > 1 ? [item('identify', 'Who is it?', openIdentify)] : [],
    ...list.map(({ id, name, usable: fine, error }) => fine ? item(id, name, () => openPerson(id))
      : item(id, `${name} (cannot be read)`, () => complain(error), error)),
    item('faces', 'Unknown faces', openFaces), item('new', '+ New person', openNew));
}

function show(page, key) {
  shown = key;
  navigate();
  main.replaceChildren(page);
  main.paste = page.paste;
}

async function openCheck() {
  list = await api.people();
  show(await checkPage(list, server), 'check');
}

async function openIdentify() {
  list = await api.people();
  show(identifyPage(list, server), 'identify');
}

function openFaces() {
  // The page stays after a group was enrolled, because there may be more groups.
  show(facesPage(server, guarded(async () => {
    list = await api.people();
    navigate();
  })), 'faces');
}

async function openPerson(id) {
  showPerson(await api.person(id));
}

function showPerson(person) {
  // Another part may be shown by the time the list arrives.
  const changed = guarded(async () => {
    list = await api.people();
    navigate();
  });
  const look = guarded(() => openReview(person.id));
  show(personPage(person, server, changed, guarded(start), look), person.id);
}

async function openReview(id) {
  show(await reviewPage(id, guarded(() => openPerson(id))), id);
}

async function openNew() {
  const first = list.length === 0;
  show(newPerson(server, first, (person) => {
    showPerson(person);
    main.focus();
  }), 'new');
}

async function start() {
  server ??= await api.info();
  list = await api.people();
  // `verify review` opens the page with the person in its address.
  const asked = list.find(({ id, usable }) => usable && location.hash === `#review/${id}`);
  if (asked) return openReview(asked.id);
  await (list.some((person) => person.usable) ? openCheck() : openNew());
}

document.addEventListener('paste', (event) => onPaste(event, main.paste));
// A photo dropped beside its zone must not replace the page.
for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
guarded(start)();
