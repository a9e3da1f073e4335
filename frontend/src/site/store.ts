/** First-party storage under one name each; in memory where the browser refuses it (private windows, full, switched off). */
export class Store {
  private readonly held = new Map<string, unknown>();

  constructor(private readonly area: Storage | null = localArea()) {}

  read<T>(name: string): T | undefined {
    try {
      const text = this.area?.getItem(PREFIX + name);
      if (text) return JSON.parse(text) as T;
    } catch {
      // what somebody else wrote there is no answer
    }
    return this.held.get(name) as T | undefined;
  }

  write(name: string, value: unknown): void {
    this.held.set(name, value);
    try {
      this.area?.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // memory has it
    }
  }

  drop(name: string): void {
    this.held.delete(name);
    try {
      this.area?.removeItem(PREFIX + name);
    } catch {
      // it cannot be there then
    }
  }
}

const PREFIX = "safar.";

function localArea(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
