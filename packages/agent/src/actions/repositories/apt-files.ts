/** The files of one repository of Drover's. */
export interface AptFiles {
  /** deb822: sources.list(5). */
  readonly sources: string;
  /** The key of its signatures; apt tells by the ending that it is armoured. */
  readonly key: string;
  /** apt reads no other ending but none, and an id may have a point in it: apt_preferences(5). */
  readonly preferences: string;
}

/** Where they are, by the repository's id. */
export function aptFiles(id: string): AptFiles {
  return {
    sources: `/etc/apt/sources.list.d/drover-${id}.sources`,
    key: `/etc/apt/keyrings/drover-${id}.asc`,
    preferences: `/etc/apt/preferences.d/drover-${id}.pref`,
  };
}
