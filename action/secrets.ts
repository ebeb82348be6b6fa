/** Every form in which a secret may show up in a log: the runner masks exactly the texts that it is told. */
export function maskedForms(credentials: { readonly username?: string; readonly password?: string; readonly token?: string }): string[] {
  const { username = "", password = "", token = "" } = credentials;
  const forms = [password, token].filter((secret) => secret !== "").flatMap(formsOf);
  if (password !== "") forms.push(base64(`${username}:${password}`));
  if (token !== "") forms.push(base64(`${username}:${token}`), base64(`token:${token}`)); // how docker login keeps them
  return [...new Set(forms)];
}

function formsOf(secret: string): string[] {
  const wellFormed = Buffer.from(secret).toString(); // encodeURIComponent throws otherwise
  const encoded = encodeURIComponent(wellFormed);
  return [
    secret,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    base64(secret),
  ];
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
