// The review of a scan's faces: the most doubtful first, each beside the enrolled photos most like it. The profile is
// updated after each answer.

import * as api from './api.js';
import { announce, count, fileName, guarded, make, number } from './markup.js';

/** Faces in a row, which can be answered together. */
const ROW = 4;
/** Faces on the page at a time. */
const SHOWN = 6 * ROW;
/** The keys, what they say, and the words for it. */
const ANSWERS = [['y', 'yes', 'Yes'], ['n', 'no', 'No'], ['u', 'unsure', 'Not sure']];

/** Loaded pictures, by URL, because the same faces stay on the page from answer to answer. */
const loaded = new Map();

/** A picture from the server, or a placeholder. */
function picture(address, alt) {
  const place = make('span', { class: 'none', role: 'img', 'aria-label': alt }, '☺');
  if (!loaded.has(address)) {
    loaded.set(address, fetch(address).then(async (answer) => (answer.ok ? URL.createObjectURL(await answer.blob()) : null), () => null));
  }
  loaded.get(address).then((url) => {
    if (url) place.replaceWith(make('img', { src: url, alt }));
  });
  return place;
}

/** The review page of a person. `back` opens the person. */
export async function reviewPage(id, back) {
  const page = make('div', { id: 'review' });
  let busy = false;
  let review = await api.review(id, SHOWN);

  /** Send a change to the server, and show the new list. */
  const change = guarded(async (ask, said) => {
    if (busy) return;
    busy = true;
    page.classList.add('busy');
    try {
      review = await ask();
      show();
      announce(`${said} ${left(review)}`);
    } finally {
      busy = false;
      page.classList.remove('busy');
    }
  });
  const answer = (faces, word) => change(
    () => api.answer(id, faces.map((face) => ({ face, answer: word })), SHOWN), `${count(faces.length, 'face')}: ${word}.`);
  const undo = () => change(() => api.undoAnswer(id, SHOWN), 'Undone.');

  function show() {
    page.replaceChildren(head(review, undo, back), ...rows(id, review, answer));
    page.querySelector('.found')?.focus({ preventScroll: true });
  }

  page.addEventListener('keydown', (event) => onKey(event, page, answer, undo));
  show();
  // Focus the first face, so that keys answer it.
  setTimeout(() => page.querySelector('.found')?.focus({ preventScroll: true }));
  return page;
}

/** How many faces are left, and whether further answers matter. */
function left({ open, unsure, yes, no, settled }) {
  const rest = [`${count(open, 'face')} to review`, ...unsure ? [`${unsure} not sure`] : []].join(', ');
  const done = `${yes} yes and ${no} no so far.`;
  if (!open && !unsure) return `No faces left to review; ${done}`;
  return `${rest}; ${done}${open && settled ? ' Further answers would not change another face’s verdict.' : ''}`;
}

function head(review, undo, back) {
  const keys = make('p', { class: 'minor' }, 'Keys: Y yes, N no, U not sure (with Shift for the whole row), Z undo, arrows to move.');
  return make('div', {}, make('h2', {}, `Is this ${review.name}?`),
    make('p', { id: 'left', class: review.settled && review.open ? 'settled' : null }, left(review)),
    review.faces.length ? keys : make('p', {}, '`verify scan FOLDER` finds more.'),
    make('div', { class: 'row' },
      make('button', { type: 'button', id: 'undo', disabled: review.steps === 0, onclick: undo }, 'Undo'),
      make('button', { type: 'button', id: 'back', onclick: back }, `Profile of ${review.name}`)));
}

/** The faces in rows, each with buttons for all of it. */
function rows(id, { faces, name }, answer) {
  const made = [];
  for (let at = 0; at < faces.length; at += ROW) {
    const row = faces.slice(at, at + ROW);
    const all = ANSWERS.map(([, word, label]) => make('button', {
      type: 'button', 'data-row': word, onclick: () => answer(row.map(({ face }) => face), word),
    }, `All ${label.toLowerCase()}`));
    made.push(make('section', { class: 'found-row', 'aria-label': `Row ${made.length + 1}` },
      make('ul', {}, row.map((face) => card(id, name, face, answer))),
      row.length > 1 ? make('div', { class: 'row' }, all) : null));
  }
  return made;
}

/** One face beside the enrolled photos most like it. */
function card(id, name, found, answer) {
  const file = fileName(found.photo);
  const which = found.faces > 1 ? `face ${found.number} of ${found.faces} from the left` : null;
  const near = found.nearest.map(({ photo, cosine }) => make('li', { title: `cosine ${cosine.toFixed(3)}` },
    picture(api.faceAddress(id, photo), `${name} in ${fileName(photo)}`), make('span', { class: 'name' }, fileName(photo))));
  const buttons = ANSWERS.map(([key, word, label]) => make('button', {
    type: 'button', 'data-answer': word, title: `Key ${key.toUpperCase()}`, onclick: () => answer([found.face], word),
  }, label));
  return make('li', { class: 'found', tabindex: '0', 'data-face': found.face, 'aria-label': `Is this ${name}? ${file}` },
    make('div', { class: 'beside' },
      make('div', { class: 'face-found' }, picture(api.foundFaceAddress(id, found.face), `A face in ${file}`)),
      make('ul', { class: 'near', 'aria-label': `Most like it of ${name}` }, near)),
    make('span', { class: `verdict ${found.verdict}` }, found.unsure ? 'not sure' : found.verdict,
      make('span', { class: 'minor' }, ` score ${number(found.score)}`)),
    make('span', { class: 'minor name', title: found.photo }, [file, which].filter(Boolean).join(', ')),
    make('div', { class: 'row' }, buttons));
}

/** What a key does: to the face that has the focus, or the first. */
function onKey(event, page, answer, undo) {
  if (event.altKey || event.metaKey || (event.ctrlKey && event.key.toLowerCase() !== 'z')) return;
  const faces = [...page.querySelectorAll('.found')];
  const here = event.target.closest('.found') ?? faces[0];
  const key = event.key.toLowerCase();
  const said = ANSWERS.find(([own]) => own === key);
  const step = { arrowright: 1, arrowleft: -1, arrowdown: ROW, arrowup: -ROW }[key];
  if (said && here) {
    const meant = event.shiftKey ? [...here.closest('.found-row').querySelectorAll('.found')] : [here];
    answer(meant.map((face) => face.dataset.face), said[1]);
  } else if (key === 'z') {
    undo();
  } else if (step) {
    faces[faces.indexOf(here) + step]?.focus();
  } else {
    return;
  }
  event.preventDefault();
}
