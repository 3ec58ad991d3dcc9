/** Loads the page anew with the newest version of the program there is, not with the one kept for offline work. */
export async function loadNewest(): Promise<void> {
  const worker = await findNewWorker().catch(() => null);
  if (worker === null) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage({ type: "SKIP_WAITING" });
}

/** The version that is there already or has just been found, once it can take over. */
async function findNewWorker(): Promise<ServiceWorker | null> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update();
  const worker = registration?.waiting ?? registration?.installing ?? null;
  return worker === null || worker.state === "installed" ? worker : untilInstalled(worker);
}

function untilInstalled(worker: ServiceWorker): Promise<ServiceWorker | null> {
  return new Promise((resolve) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed") resolve(worker);
      else if (worker.state !== "installing") resolve(null);
    });
  });
}
