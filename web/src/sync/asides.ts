/** Changes that were set aside: shown until the person throws them away, in memory where nothing may be stored. */

import type { Aside, LocalCopies } from "./local";

export class Asides {
  /** Oldest first; a new array on every change. */
  list: readonly Aside[] = [];
  private numberInMemory = 0;

  constructor(
    private readonly copies: LocalCopies | null,
    private readonly user: string,
    private readonly onChange: () => void,
  ) {}

  async load(): Promise<void> {
    this.show((await this.copies?.listAsides()) ?? []);
  }

  async add(aside: Omit<Aside, "id" | "user">): Promise<void> {
    const stored = await this.store({ ...aside, user: this.user });
    this.show([...this.list, stored]); // the list as it is now: those of earlier sessions may have come meanwhile
  }

  async remove(id: number): Promise<void> {
    if (id > 0) {
      await this.copies?.removeAside(id);
    }
    this.show(this.list.filter((aside) => aside.id !== id));
  }

  private async store(aside: Omit<Aside, "id">): Promise<Aside> {
    try {
      if (this.copies !== null) {
        return await this.copies.addAside(aside);
      }
    } catch (error) {
      console.warn("set aside in memory only", error);
    }
    this.numberInMemory -= 1;
    return { ...aside, id: this.numberInMemory };
  }

  private show(list: readonly Aside[]): void {
    this.list = list;
    this.onChange();
  }
}
