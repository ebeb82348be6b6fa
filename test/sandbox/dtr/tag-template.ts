const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** The name that a `tagTemplate` gives to a tag: `%n` is the tag, the rest is the time (UTC) as `strftime` writes it; anything else stays as it is. */
export function tagNameFrom(template: string, tag: string, now: Date): string {
  return (template || "%n").replace(/%([A-Za-z%])/g, (whole, symbol: string) => (symbol === "n" ? tag : (timePart(symbol, now) ?? whole)));
}

function timePart(symbol: string, now: Date): string | undefined {
  const hour = now.getUTCHours();
  const dayOfYear = Math.floor((now.getTime() - Date.UTC(now.getUTCFullYear(), 0, 1)) / 86_400_000);
  switch (symbol) {
    case "A":
      return DAYS[now.getUTCDay()];
    case "a":
      return DAYS[now.getUTCDay()]?.slice(0, 3);
    case "w":
      return String(now.getUTCDay());
    case "d":
      return padded(now.getUTCDate());
    case "B":
      return MONTHS[now.getUTCMonth()];
    case "b":
      return MONTHS[now.getUTCMonth()]?.slice(0, 3);
    case "m":
      return padded(now.getUTCMonth() + 1);
    case "Y":
      return String(now.getUTCFullYear());
    case "y":
      return padded(now.getUTCFullYear() % 100);
    case "H":
      return padded(hour);
    case "I":
      return padded(hour % 12 || 12);
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "M":
      return padded(now.getUTCMinutes());
    case "S":
      return padded(now.getUTCSeconds());
    case "f":
      return padded(now.getUTCMilliseconds() * 1_000, 6);
    case "Z":
      return "UTC";
    case "j":
      return padded(dayOfYear + 1, 3);
    case "W":
      // Monday is the first day of a week; the days before the first Monday are week 0.
      return padded(Math.floor((dayOfYear + 7 - ((now.getUTCDay() + 6) % 7)) / 7));
    default:
      return undefined;
  }
}

function padded(number: number, width = 2): string {
  return String(number).padStart(width, "0");
}
