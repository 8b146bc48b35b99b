/** A member with its score. */
export interface Scored {
  readonly member: string;
  readonly score: number;
}

interface Link {
  to: Node | undefined;
  /** How many places the link goes forward. */
  span: number;
}

interface Node {
  readonly item: Scored;
  readonly links: Link[];
}

const MOST_LEVELS = 32;
const LEVEL_CHANCE = 0.25;

/**
 * Members in the order of their scores, then of their bytes. Adding, deleting and finding a place
 * take a time that grows with the logarithm of the size.
 */
export class SkipList {
  readonly #head: Link[] = [{ to: undefined, span: 0 }];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: Scored): void {
    const levels = randomLevels();
    while (this.#head.length < levels) this.#head.push({ to: undefined, span: this.#size });
    const { path, places } = this.#walk((other) => isBefore(other, item));
    const at = places[0] ?? 0;
    const node: Node = { item, links: [] };
    for (const [level, link] of path.entries()) {
      if (level >= levels) {
        link.span += 1;
        continue;
      }
      const before = at - (places[level] ?? 0);
      node.links.push({ to: link.to, span: link.span - before });
      link.to = node;
      link.span = before + 1;
    }
    this.#size += 1;
  }

  /** Takes an item away that is there. */
  delete(item: Scored): void {
    const { path } = this.#walk((other) => isBefore(other, item));
    const found = path[0]?.to;
    if (!found) return;
    for (const [level, link] of path.entries()) {
      const own = found.links[level];
      if (own && link.to === found) {
        link.to = own.to;
        link.span += own.span - 1;
      } else link.span -= 1;
    }
    this.#size -= 1;
  }

  /** How many items come before the first for which `holds` is false. */
  countWhile(holds: (item: Scored) => boolean): number {
    return this.#walk(holds).places[0] ?? 0;
  }

  /** The place of an item, from 0. */
  rank(item: Scored): number {
    return this.countWhile((other) => isBefore(other, item));
  }

  /** The items at the places from `start` to before `end`. */
  slice(start: number, end: number): Scored[] {
    const items: Scored[] = [];
    let node = end > start ? this.#nodeAt(start) : undefined;
    for (let at = start; node && at < end; at++) {
      items.push(node.item);
      node = node.links[0]?.to;
    }
    return items;
  }

  #nodeAt(place: number): Node | undefined {
    let links = this.#head;
    let at = -1;
    for (let level = links.length - 1; level >= 0; level--) {
      for (let link = links[level]; link?.to && at + link.span <= place; link = links[level]) {
        at += link.span;
        if (at === place) return link.to;
        links = link.to.links;
      }
    }
    return undefined;
  }

  /** On each level the last link that starts at the head or at an item that holds, and its place. */
  #walk(holds: (item: Scored) => boolean): { path: Link[]; places: number[] } {
    const path: Link[] = [];
    const places: number[] = [];
    let links = this.#head;
    let at = 0;
    for (let level = links.length - 1; level >= 0; level--) {
      let link = links[level];
      while (link?.to && holds(link.to.item)) {
        at += link.span;
        links = link.to.links;
        link = links[level];
      }
      if (link) path[level] = link;
      places[level] = at;
    }
    return { path, places };
  }
}

/** latin1 strings compare as their bytes do. */
export function isBefore(left: Scored, right: Scored): boolean {
  return left.score < right.score || (left.score === right.score && left.member < right.member);
}

function randomLevels(): number {
  let levels = 1;
  while (levels < MOST_LEVELS && Math.random() < LEVEL_CHANCE) levels += 1;
  return levels;
}
