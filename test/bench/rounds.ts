/** The middle of the values; of an even number of them the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** What was measured of two things that took turns. */
export interface Pairs<Ours, Theirs = Ours> {
  readonly ours: readonly Ours[];
  readonly theirs: readonly Theirs[];
}

/** Measures both in turns, changing who begins, so that whatever else the machine does meets both alike. */
export async function takeTurns<Ours, Theirs = Ours>(
  rounds: number,
  ours: () => Promise<Ours>,
  theirs: () => Promise<Theirs>,
): Promise<Pairs<Ours, Theirs>> {
  const measured = { ours: [] as Ours[], theirs: [] as Theirs[] };
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 1) measured.theirs.push(await theirs());
    measured.ours.push(await ours());
    if (round % 2 === 0) measured.theirs.push(await theirs());
  }
  return measured;
}

/** The middle of the ratios ours / theirs, round by round: each compares what ran at nearly the same time. */
export function ratio(pairs: Pairs<number>): number {
  return median(pairs.ours.map((ours, round) => ours / (pairs.theirs[round] ?? Number.NaN)));
}
