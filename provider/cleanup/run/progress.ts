/** What a run is at, for those who wait. Repositories are worked on side by side: events of several of them mix. */
export type Progress =
  /** The repositories are known. */
  | { readonly kind: "selected"; readonly repositories: number }
  /** One more repository was read and planned. `tags`: read so far in all of them. */
  | {
      readonly kind: "planned";
      readonly repository: string;
      readonly done: number;
      readonly total: number;
      readonly tags: number;
      readonly deletions: number;
      readonly problem?: string;
    }
  /** Some more deletions of a repository were done. `allDone` and `allTotal`: of the run. */
  | {
      readonly kind: "deleting";
      readonly repository: string;
      readonly done: number;
      readonly total: number;
      readonly allDone: number;
      readonly allTotal: number;
    }
  /** A repository's deletions were done and proved. */
  | { readonly kind: "applied"; readonly repository: string; readonly done: number; readonly total: number; readonly problem?: string }
  | { readonly kind: "garbage-collection"; readonly scope: string; readonly line: string };

export type OnProgress = (event: Progress) => void;
