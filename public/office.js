/** Passkeys 通行密钥 by the browser's own API. Their forms are shown only where it has one. */
const api = window.PublicKeyCredential;

if (api?.parseCreationOptionsFromJSON && api.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      answer(form);
    });
  }
}

async function answer(form) {
  const failed = form.querySelector('[role="alert"]');
  failed.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await credentialFor(form.dataset));
    form.submit();
  } catch {
    failed.hidden = false; // it was cancelled, or the device has none
  }
}

function credentialFor({ passkey, options }) {
  const given = JSON.parse(options);
  return passkey === 'create'
    ? navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(given) })
    : navigator.credentials.get({ publicKey: api.parseRequestOptionsFromJSON(given) });
}
