// The page: who is enrolled, and which part of it is shown.

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
    // Of one person alone, checking says the same and more.
    ...usable > 1 ? [item('identify', 'Who is it?', openIdentify)] : [],
    ...list.map(({ id, name, usable: fine, error }) => fine ? item(id, name, () => openPerson(id))
      : item(id, `${name} (cannot be read)`, () => complain(error), error)),
    item('faces', 'Who else is there?', openFaces), item('new', '+ New person', openNew));
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
  // A group that became a person stays on the page: there may be more of them.
  show(facesPage(server, guarded(async () => {
    list = await api.people();
    navigate();
  })), 'faces');
}

async function openPerson(id) {
  showPerson(await api.person(id));
}

function showPerson(person) {
  // By the time the list is there, another part may be shown.
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
// A photo dropped beside its zone must not take the page's place.
for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
guarded(start)();
