'use strict';
// Shows the command that enrols the ticked groups. Nothing from outside goes into markup.
(() => {
  const groups = document.getElementById('groups');
  const form = document.getElementById('pick');
  const name = document.getElementById('name');
  // Quoted as one word for a shell.
  const quoted = (text) => /^[\w./:+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const show = () => {
    const ticked = [...groups.querySelectorAll('input:checked')].map((box) => box.value);
    const from = ticked.map((group) => `--from-faces ${quoted(`${groups.dataset.page}:${group}`)}`);
    form.hidden = ticked.length === 0;
    document.getElementById('picked').textContent = ticked.length === 1 ? '1 group' : `${ticked.length} groups`;
    document.getElementById('command').textContent =
      `verify enroll ${from.join(' ')} --name ${quoted(name.value.trim() || 'NAME')}`;
  };
  groups.addEventListener('change', show);
  name.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  show();
})();
