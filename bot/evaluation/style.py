"""How the page of an evaluation looks: light and dark as the reader has it, one column on a phone."""

STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #5d646c; --line: #d9dde1; --page: #fff; --card: #f6f7f8;
  --good: #17643a; --bad: #a3271b; --bar: #4a78b5; --mark: #ffe9a8; --link: #14508f }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaec; --soft: #a3abb3; --line: #3a4047; --page: #15181b;
  --card: #1e2226; --good: #7fce9f; --bad: #f29b8f; --bar: #7ea8de; --mark: #5a4a12; --link: #9cc4f2 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 64rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
h3 { font-size: 1.05rem; margin: 0 0 .5rem }
p { margin: .4rem 0 }
a { color: var(--link); overflow-wrap: anywhere }
.soft { color: var(--soft); font-size: .875rem }
.note { border-left: .25rem solid var(--bad); padding: .25rem .75rem; background: var(--card); overflow-wrap: anywhere }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap }
th { font-weight: 600 }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal }
thead th { color: var(--soft); font-size: .875rem; font-weight: 400; vertical-align: bottom }
tr.section th { padding-top: .9rem }
.scale { width: 8rem; min-width: 5rem }
.scale span { display: block; position: relative; height: .6rem; background: var(--line); border-radius: .3rem }
.scale i { position: absolute; top: 0; bottom: 0; background: var(--bar); opacity: .45; min-width: 2px }
.scale b { position: absolute; top: -.1rem; bottom: -.1rem; width: 3px; margin-left: -1px; background: var(--bar) }
.telling { font-weight: 700 }
details { margin: 1rem 0; border-top: 1px solid var(--line) }
summary { cursor: pointer; font-size: 1.2rem; font-weight: 600; padding: .6rem 0 }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem; margin: .8rem 0;
  content-visibility: auto; contain-intrinsic-size: auto 24rem }
.pair { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: .6rem }
.pair section { flex: 1 1 18rem; min-width: 0 }
.pair h4 { margin: 0; font-size: .875rem; font-weight: 600 }
.wrong h4 { color: var(--bad) }
.right h4 { color: var(--good) }
blockquote { margin: .4rem 0 0; padding-left: .7rem; border-left: 3px solid var(--line); white-space: pre-line;
  overflow-wrap: anywhere; font-size: .9375rem }
mark { background: var(--mark); color: inherit }
@media (max-width: 40rem) { .scale { display: none } table { font-size: .8125rem } th, td { padding: .2rem .3rem } }
@media print { article { break-inside: avoid } }
"""
