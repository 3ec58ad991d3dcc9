/** IndexedDB as promises: as much of it as the copies on this device need. */

export type Database = IDBDatabase;

/** Opens the database and makes what is missing. Rejects where the browser allows no storage. */
export function openDatabase(name: string, version: number, make: (database: Database) => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another page holds an older version of the copies on this device"));
  });
}

/**
 * Runs `work` in one transaction; resolves with its value once everything is stored. What `work` waits for must be requests of
 * this transaction alone. Rejects with the first error (a full disk is a QuotaExceededError); nothing is stored then.
 */
export function transact<Value>(
  database: Database,
  stores: string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => Promise<Value> | Value,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode);
    let value: Promise<Value> | Value;
    transaction.oncomplete = () => resolve(value);
    transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was given up"));
    value = work(transaction);
    if (value instanceof Promise) {
      value.catch((error: unknown) => {
        reject(error);
        tryToAbort(transaction);
      });
    }
  });
}

export function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function tryToAbort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // it has already ended, which is what was wanted
  }
}
