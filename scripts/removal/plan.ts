/** What each defence changes in which file. All of it is known, and judged, before any test runs. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Defence } from "../defences/defence.ts";
import { applied, type Replacement, replacementsFor } from "./edit.ts";
import { findMarkers, type Marker, type Source } from "./marker.ts";

export interface Planned {
  readonly defence: Defence;
  /** The markers as `id file:line`. */
  readonly places: readonly string[];
  /** The texts of the files without the defence. */
  readonly changed: ReadonlyMap<string, string>;
}

/** All that is written for the packages, below the folder. */
export function sourcesIn(root: string): readonly Source[] {
  return globSync("packages/*/{src,bin}/**/*.{ts,js}", { cwd: root })
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
}

/** Throws if a marker stands twice. */
export function markersOf(sources: readonly Source[]): ReadonlyMap<string, Marker> {
  const markers = new Map<string, Marker>();
  for (const marker of sources.flatMap(findMarkers)) {
    const other = markers.get(marker.id);
    if (other !== undefined) throw new Error(`${marker.id} marks ${placeOf(other)} and ${placeOf(marker)}`);
    markers.set(marker.id, marker);
  }
  return markers;
}

/** Throws if a marker is missing, or if what is marked cannot be changed in the way that is asked for. */
export function planOf(defence: Defence, markers: ReadonlyMap<string, Marker>): Planned {
  const replacements = new Map<string, Replacement[]>();
  const texts = new Map<string, string>();
  const places: string[] = [];
  for (const removal of defence.removals) {
    const marker = markers.get(removal.marker);
    if (marker === undefined) throw new Error(`"${defence.defence}": nothing is marked as ${removal.marker}`);
    places.push(`${marker.id} ${placeOf(marker)}`);
    texts.set(marker.file, marker.text);
    try {
      replacements.set(marker.file, [...(replacements.get(marker.file) ?? []), ...replacementsFor(marker, removal)]);
    } catch (cause) {
      throw new Error(`"${defence.defence}", ${removal.how} at ${marker.id} ${placeOf(marker)}: ${String(cause)}`, {
        cause,
      });
    }
  }
  const changed = [...texts].map(([file, text]) => [file, applied(text, replacements.get(file) ?? [])] as const);
  return { defence, places, changed: new Map(changed) };
}

function placeOf({ file, line }: Marker): string {
  return `${file}:${line}`;
}
