"use strict";
// Gives a program a Date that can be moved. Timers, performance.now and Node's own HTTP Date
// header keep the real time: nothing here touches them.

/** @param {Float64Array} clock milliseconds ahead of real time; the moment at which it stands still, or 0. Shared between threads */
function installClock(clock) {
  const RealDate = Date;
  const realNow = RealDate.now;
  const now = { now: () => clock[1] || realNow() + clock[0] }.now;

  function TravellingDate(...parts) {
    if (new.target === undefined) return new RealDate(now()).toString();
    // Reflect keeps subclasses and makes a true Date: structuredClone and util.types accept it.
    return Reflect.construct(RealDate, parts.length === 0 ? [now()] : parts, new.target);
  }
  const hidden = { writable: true, enumerable: false, configurable: true };
  Object.defineProperties(TravellingDate, {
    name: { value: "Date", configurable: true },
    length: { value: 7, configurable: true },
    prototype: { value: RealDate.prototype, writable: false },
    now: { ...hidden, value: now },
    parse: { ...hidden, value: RealDate.parse },
    UTC: { ...hidden, value: RealDate.UTC },
    toString: { ...hidden, value: () => "function Date() { [native code] }" },
  });
  // The prototype stays the real one, so instanceof holds for dates made by Node itself.
  Object.defineProperty(RealDate.prototype, "constructor", { ...hidden, value: TravellingDate });
  globalThis.Date = TravellingDate;
  installFormat(now);
}

/** Intl formats "now" when it is given no date, and asks the real clock for it. */
function installFormat(now) {
  const proto = Intl.DateTimeFormat.prototype;
  const format = Object.getOwnPropertyDescriptor(proto, "format");
  const formatToParts = proto.formatToParts;
  Object.defineProperty(proto, "format", {
    ...format,
    get() {
      const real = format.get.call(this);
      return (date) => real(date === undefined ? now() : date);
    },
  });
  proto.formatToParts = function (date) {
    return formatToParts.call(this, date === undefined ? now() : date);
  };
}

module.exports = { installClock };
