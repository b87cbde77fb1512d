// Passkeys are made and shown by the browser, so they need a script. Where one cannot run, the authenticator app does.

type Options = PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON;

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  const message = form.querySelector<HTMLElement>('[role=status]');
  if (!('PublicKeyCredential' in globalThis)) continue;
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    const response = form.elements.namedItem('response') as HTMLInputElement;
    if (response.value) return;
    event.preventDefault();
    try {
      const options = JSON.parse(form.dataset.passkey ?? '{}') as Options;
      const credential = (await (form.dataset.makes === 'yes'
        ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
          }))) as PublicKeyCredential | null;
      if (!credential) return;
      response.value = JSON.stringify(credential.toJSON());
      form.requestSubmit();
    } catch {
      // The person said no, or there is none for here.
      if (message) message.textContent = 'No passkey was used. Try again, or use the other way.';
    }
  });
}
