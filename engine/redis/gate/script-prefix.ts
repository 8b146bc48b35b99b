/** Shared by scripts and by our own XADD: an ID by travelled time, as `*` would choose it. */
export const ADD_TO_STREAM = `local function add(f, r, o, a, at)
local t = r.call('TIME')
local ms = string.format('%.0f', tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) + o)
a[at] = ms .. '-*'
local got = r.pcall(unpack(a))
if type(got) == 'table' and got.err and string.find(got.err, 'equal or smaller', 1, true) then
local info = r.call('XINFO', 'STREAM', a[2])
for i = 1, #info, 2 do if info[i] == 'last-generated-id' then a[at] = string.match(info[i + 1], '^%d+') .. '-*' end end
return f(unpack(a))
end
if type(got) == 'table' and got.err then a[at] = '*' return f(unpack(a)) end
return got
end`;

// Line breaks are taken out below: a script keeps its line numbers.
const PREFIX = `local redis = (function(r, o)
local up = string.upper
local function text(n) return string.format('%.0f', n) end
local function moved(v, unit)
local n = tonumber(v)
if not n or n <= 0 then return nil end
n = n * unit - o
if n < 1 then n = 1 end
return text(n)
end
${ADD_TO_STREAM}
local function streamId(a, n)
local i = 3
while i <= n do
local w = up(tostring(a[i]))
if w == 'NOMKSTREAM' then i = i + 1
elseif w == 'MAXLEN' or w == 'MINID' then
i = i + 1
if a[i] == '=' or a[i] == '~' then i = i + 1 end
i = i + 1
elseif w == 'LIMIT' then i = i + 2
else return i end
end
end
local function go(f, ...)
local a, n = {...}, select('#', ...)
local c = type(a[1]) == 'string' and up(a[1]) or ''
if c == 'TIME' and n == 1 then
local t = f(...)
if t.err then return t end
local total = tonumber(t[1]) * 1000000 + tonumber(t[2]) + o * 1000
local seconds = math.floor(total / 1000000)
return {text(seconds), text(total - seconds * 1000000)}
elseif c == 'PEXPIRETIME' or c == 'EXPIRETIME' and n == 2 then
a[1] = 'PEXPIRETIME'
local at = f(unpack(a, 1, n))
if type(at) ~= 'number' or at < 0 then return at end
if c == 'PEXPIRETIME' then return at + o end
return math.floor((at + o + 500) / 1000)
elseif (c == 'EXPIREAT' or c == 'PEXPIREAT') and n >= 3 then
local ms = moved(a[3], c == 'EXPIREAT' and 1000 or 1)
if ms then a[1], a[3] = 'PEXPIREAT', ms end
return f(unpack(a, 1, n))
elseif c == 'SET' or c == 'GETEX' then
for i = c == 'SET' and 4 or 3, n - 1 do
local w = up(tostring(a[i]))
if w == 'EXAT' or w == 'PXAT' then
local ms = moved(a[i + 1], w == 'EXAT' and 1000 or 1)
if ms then a[i], a[i + 1] = 'PXAT', ms end
break
end
end
return f(unpack(a, 1, n))
elseif c == 'RESTORE' and n >= 5 then
for i = 5, n do if up(tostring(a[i])) == 'ABSTTL' then a[3] = moved(a[3], 1) or a[3] end end
return f(unpack(a, 1, n))
elseif c == 'XADD' then
local at = streamId(a, n)
if at and a[at] == '*' then return add(f, r, o, a, at) end
end
return f(...)
end
return setmetatable({
call = function(...) return go(r.call, ...) end,
pcall = function(...) return go(r.pcall, ...) end
}, {__index = r})
end)(redis, OFFSET) `;
const ONE_LINE = PREFIX.replaceAll("\n", " ");

/** The script with travelled time: the prefix goes first, or after a `#!lua` line. No line moves. */
export function prefixScript(script: Buffer, offsetMs: number): Buffer {
  const prefix = Buffer.from(ONE_LINE.replace("OFFSET", String(offsetMs)));
  if (script[0] !== 0x23 || script[1] !== 0x21) return Buffer.concat([prefix, script]);
  const end = script.indexOf(10);
  if (end < 0) return script;
  return Buffer.concat([script.subarray(0, end + 1), prefix, script.subarray(end + 1)]);
}
