/** The Redis whose commands, replies and error texts these are. */
export const VERSION = "7.0.15";
