import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

/** What the figures were measured on. */
export interface Machine {
  readonly node: string;
  readonly system: string;
  readonly arch: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
}

/** This machine. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    node: process.version,
    system: `${type()} ${release()}`,
    arch: arch(),
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? "",
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
  };
}

/** In one line: `2 cores (AMD EPYC 7763), 8 GiB, Linux 6.1.0 x64, Node v20.20.2`. */
export function machineText(machine: Machine): string {
  const { node, system, cores, processor, memoryGiB } = machine;
  const which = processor === "" || processor === "unknown" ? "" : ` (${processor})`;
  return `${cores} cores${which}, ${memoryGiB} GiB, ${system} ${machine.arch}, Node ${node}`;
}

/** How many programs wanted a processor, on average over the last minute; 0 where the system does not tell. */
export function loadOfLastMinute(): number {
  return loadavg()[0] ?? 0;
}
