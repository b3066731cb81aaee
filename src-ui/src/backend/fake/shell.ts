/** A command line that knows a few words, as a node's console or shell would have them. */

const BGP = [
  "  Neighbor  V  AS     MsgRcvd  MsgSent  InQ OutQ  Up/Down State   PfxRcd",
  "  10.0.0.1  4  65100      128      131    0    0 00:04:12 Estab   24",
  "  10.0.0.2  4  65100      127      131    0    0 00:04:11 Estab   24",
];

const INTERFACES = [
  "Port       Name   Status       Vlan     Duplex Speed  Type         Flags Encapsulation",
  "Et1        host1  \x1b[32mconnected\x1b[0m    10       full   1G     EbraTestPhyPort",
  "Et49       spine1 \x1b[32mconnected\x1b[0m    routed   full   1G     EbraTestPhyPort",
  "Et50       spine2 \x1b[31mnotconnect\x1b[0m   routed   full   1G     EbraTestPhyPort",
  "Ma0               \x1b[32mconnected\x1b[0m    routed   a-full a-1G   10/100/1000",
];

const FILES = ["\x1b[1;34mbin\x1b[0m    \x1b[1;34metc\x1b[0m    \x1b[1;34mmnt\x1b[0m    \x1b[1;32mstart.sh\x1b[0m    notes.txt"];

const CONSOLE: Record<string, string[]> = {
  "show bgp summary": BGP,
  "show bgp evpn summary": BGP,
  "show interfaces status": INTERFACES,
  "show version": ["Arista cEOSLab", "Software image version: 4.35.1F", "Architecture: x86_64", "Uptime: 4 minutes", "Free memory: 12043164 kB"],
  "show logging": Array.from({ length: 400 }, (_, line) => `Nov 21 12:0${line % 6}:${String(line % 60).padStart(2, "0")} Bgp: %BGP-5-ADJCHANGE: line ${line + 1}`),
};

const SHELL: Record<string, string[]> = {
  ls: FILES,
  "ip -br address": ["lo               UNKNOWN        127.0.0.1/8 ::1/128", "eth0@if12        UP             172.20.20.9/24", "eth1@if31        UP             10.1.10.11/24"],
  "ping -c 2 10.1.10.1": ["PING 10.1.10.1 (10.1.10.1): 56 data bytes", "64 bytes from 10.1.10.1: seq=0 ttl=64 time=0.412 ms", "64 bytes from 10.1.10.1: seq=1 ttl=64 time=0.287 ms"],
};

/** It echoes what is typed, and prints what its commands say. */
export class FakeShell {
  #isConsole: boolean;
  #prompt: string;
  #print: (text: string) => void;
  #end: (code: number) => void;
  #line = "";

  constructor(node: string, isConsole: boolean, print: (text: string) => void, end: (code: number) => void) {
    this.#isConsole = isConsole;
    this.#prompt = isConsole ? `${node}#` : "/ # ";
    this.#print = print;
    this.#end = end;
    print(this.#prompt);
  }

  type(text: string): void {
    for (const letter of text.replace(/\x1b\[20[01]~/g, "")) this.#key(letter);
  }

  #key(letter: string): void {
    if (letter === "\r" || letter === "\n") this.#enter();
    else if (letter === "\x7f") this.#back();
    else if (letter === "\x03") this.#begin("^C\r\n");
    else if (letter === "\x0c") this.#print(`\x1b[H\x1b[2J${this.#prompt}${this.#line}`);
    else if (letter === "\x1b") this.#print("^[");
    else if (letter >= " ") {
      this.#line += letter;
      this.#print(letter);
    }
  }

  #back(): void {
    if (this.#line) this.#print("\b \b");
    this.#line = this.#line.slice(0, -1);
  }

  #enter(): void {
    const command = this.#line.trim();
    this.#print("\r\n");
    if (command === "exit") return this.#end(0);
    this.#begin(this.#answer(command).map((line) => `${line}\r\n`).join(""));
  }

  #begin(before: string): void {
    this.#line = "";
    this.#print(`${before}${this.#prompt}`);
  }

  #answer(command: string): string[] {
    if (!command) return [];
    const known = (this.#isConsole ? CONSOLE : SHELL)[command];
    return known ?? [this.#isConsole ? "% Invalid input" : `sh: ${command}: not found`];
  }
}
