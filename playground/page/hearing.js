/** Hears the playground's events, and goes on after every loss of the connection. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

export class Hearing {
  #source = null;
  #last = 0;
  #wait = FIRST_WAIT;
  #lost = false;

  /** `onevent` gets each event once, in order; `onlost` and `onback` tell of the connection. */
  constructor({ onevent, onlost, onback }) {
    this.onevent = onevent;
    this.onlost = onlost;
    this.onback = onback;
  }

  /** Start to hear what comes after event number `last`. */
  start(last) {
    this.#last = last;
    this.#open();
  }

  #open() {
    this.#source?.close();
    this.#source = new EventSource(`/play/events?since=${this.#last}`);
    this.#source.onopen = () => this.#opened();
    this.#source.onmessage = (message) => this.#take(message);
    this.#source.onerror = () => this.#failed();
  }

  #opened() {
    this.#wait = FIRST_WAIT;
    if (!this.#lost) return;
    this.#lost = false;
    this.onback();
  }

  #take(message) {
    const event = JSON.parse(message.data);
    const number = Number(message.lastEventId || event.n);
    if (number) this.#last = number;
    this.onevent(event);
  }

  // The browser comes back by itself with Last-Event-ID, but only while it thinks it worthwhile.
  #failed() {
    if (!this.#lost) this.onlost();
    this.#lost = true;
    if (this.#source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => this.#open(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }
}
