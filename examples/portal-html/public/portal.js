/* global document, confirm */
/** What the portal itself adds to the elements: a way to a token, a question before a restart, and the language. */
const provider = document.querySelector('signalbox-provider');

provider.url = document.body.dataset.signalbox;
provider.fetchToken = async () => {
  const answer = await fetch('/signalbox-token', { method: 'POST' });
  // Null: nobody is signed in. Anything else that goes wrong is tried again by the elements.
  if (answer.status === 401) return null;
  if (!answer.ok) throw new TypeError(`The portal gave no token: ${answer.status}`);
  return answer.json();
};

const QUESTION = {
  en: 'Restart the call server of Elm Court? New calls wait for about five minutes.',
  de: 'Telefonserver von Elm Court neu starten? Neue Anrufe warten etwa fünf Minuten.',
};

document.addEventListener('signalbox-before-start', (event) => {
  if (event.detail.type !== 'service_restart') return;
  if (!confirm(QUESTION[document.documentElement.lang])) event.preventDefault();
});

// The elements speak the language of the page that they are in, and follow when it changes.
const button = document.querySelector('#language');
button.addEventListener('click', () => {
  const wasEnglish = document.documentElement.lang === 'en';
  document.documentElement.lang = wasEnglish ? 'de' : 'en';
  button.lang = wasEnglish ? 'en' : 'de';
  button.textContent = wasEnglish ? 'English' : 'Deutsch';
});
