// How the page of a report looks: on a screen by day and by night, and on paper.
#pragma once

#include <string_view>

namespace imnorm::cli {

inline constexpr std::string_view kStyle = R"(
:root{--ground:#fff;--text:#1b1f24;--soft:#59636e;--line:#d1d9e0;--panel:#f6f8fa;
--red:#c62f2f;--green:#20803c;--blue:#2257c8;--gray:#555d66;--normal:#9a6700;--accent:#0a58ca}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--text:#e6e9ed;--soft:#a3adb8;
--line:#343b44;--panel:#1d2127;--red:#ff7b72;--green:#56d364;--blue:#79a8ff;--gray:#b0b8c1;
--normal:#e3b341;--accent:#79a8ff}}
@media print{:root{--ground:#fff;--text:#000;--soft:#444;--line:#bbb;--panel:#fff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--ground);color:var(--text);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:1.7rem;margin:.2rem 0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem;
border-bottom:1px solid var(--line);padding-bottom:.3rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.4rem 0}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left}.name{overflow-wrap:anywhere;text-align:left}
.wide{overflow-x:auto}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;
overflow-x:auto;font-size:.85rem;margin:.3rem 0}
figure{margin:.5rem 0}svg{width:100%;height:auto;background:var(--panel);border-radius:6px}
svg text{fill:var(--soft);font-size:12px}
.axis{stroke:var(--soft)}.grid{stroke:var(--line);stroke-width:.6}
.curve{fill:none;stroke-width:1.6}.filled{fill-opacity:.14}
.red{stroke:var(--red)}.red.filled{fill:var(--red)}.green{stroke:var(--green)}
.green.filled{fill:var(--green)}.blue{stroke:var(--blue)}.blue.filled{fill:var(--blue)}
.gray,.band3{stroke:var(--gray)}.gray.filled,.band3.filled{fill:var(--gray)}
.band0{stroke:var(--blue)}.band0.filled{fill:var(--blue)}.band1{stroke:var(--red)}
.band1.filled{fill:var(--red)}.band2{stroke:var(--green)}.band2.filled{fill:var(--green)}
.normal{stroke:var(--normal);stroke-width:2;stroke-dasharray:5 4}
.point{fill:var(--accent);fill-opacity:.55}
.row{display:flex;flex-wrap:wrap;gap:.9rem}.row figure{width:8.5rem;margin:0}
.row img{max-width:8.5rem;max-height:8.5rem;width:auto;height:auto;border-radius:4px;display:block}
figcaption{font-size:.75rem;color:var(--soft);overflow-wrap:anywhere}
.mean img{width:12rem;height:12rem;border-radius:6px}
@media print{body{max-width:none;padding:0;font-size:11pt}details>*{display:block}
h2,h3{break-after:avoid}figure,pre,table{break-inside:avoid}
pre{white-space:pre-wrap;overflow-wrap:anywhere;overflow:visible}
.wide{overflow:visible}table{font-size:.75rem}th,td{padding:.2rem .3rem}
.row{gap:.6rem}.row figure{width:6rem}.row img{max-width:6rem;max-height:6rem}}
)";

}  // namespace imnorm::cli
