namespace VanBanDienTu.Signing.Reports;

/// <summary>The style of the page, inside it, so that the report is one file.</summary>
internal static class ReportStyle
{
    public const string Css =
        """
        body{font:15px/1.45 "Times New Roman",Georgia,serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem;color:#1b1b1b}
        h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem;border-top:2px solid #444;padding-top:.8rem;overflow-wrap:anywhere}
        h3{font-size:1.05rem}h4{margin:.8rem 0 .2rem}small,[lang=en]{color:#666;font-size:.86em;font-weight:normal}
        .row{margin:.15rem 0;display:grid;grid-template-columns:minmax(9rem,auto) minmax(8rem,auto) 1fr;gap:.6rem}.value{overflow-wrap:anywhere}
        .badge{display:inline-block;padding:.05rem .55rem;border-radius:.3rem;font-size:.85rem;border:1px solid}
        .good{background:#e5f4e7;color:#14532d}.bad{background:#fde8e8;color:#7f1d1d}.open{background:#fff4d6;color:#6b4700}
        .answers{display:grid;grid-template-columns:repeat(3,1fr);gap:.6rem}.answers>div{border:1px solid #bbb;border-radius:.4rem;padding:.5rem .7rem}
        .answers b{display:block}.banner{background:#fff4d6;border:2px solid #b98900;padding:.5rem .8rem}
        .signature{border:1px solid #ccc;border-radius:.5rem;padding:.4rem 1rem 1rem;margin:1rem 0}
        table{border-collapse:collapse;width:100%;margin:.4rem 0}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
        td.number{text-align:right;white-space:nowrap}li.critical{color:#7f1d1d}li.warning{color:#6b4700}code{font-size:.8rem;color:#555}
        .pictures{display:grid;grid-template-columns:repeat(2,1fr);gap:.6rem;margin:.6rem 0}figure{margin:0}img{max-width:100%;border:1px solid #bbb}
        @media print{body{max-width:none;margin:0}figure,.answers>div{break-inside:avoid}}
        @media(max-width:40rem){.answers{grid-template-columns:1fr}.row{grid-template-columns:1fr}}
        """;
}
