using System.Globalization;
using System.Net;
using System.Text;

namespace VanBanDienTu.Signing.Reports;

/// <summary>Builds HTML with one rule: <see cref="Raw"/> is for our own markup, all else is encoded.</summary>
public sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a page that is one file, runs nothing and asks nobody; ended by <see cref="End"/>.</summary>
    public static HtmlText Page(string titleVi, string titleEn) => new HtmlText()
        .Raw("<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
        .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">")
        .Raw("<title>").Text(titleVi).Raw("</title><style>").Raw(ReportStyle.Css).Raw("</style></head><body>")
        .Raw("<h1>").Text(titleVi).Raw(" <small lang=\"en\">").Text(titleEn).Raw("</small></h1>");

    public string End() => Raw("</body></html>").ToString();

    public HtmlText Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public HtmlText Text(string? text)
    {
        _text.Append(WebUtility.HtmlEncode(text));
        return this;
    }

    /// <summary>A sentence in Vietnamese with the English one beside it.</summary>
    public HtmlText Both(LocalText text) => Text(text.Vi).Raw(" <span lang=\"en\">").Text(text.En).Raw("</span>");

    public HtmlText Badge(string word, string tone) => Raw($"<span class=\"badge {tone}\">").Text(word).Raw("</span>");

    public HtmlText Row(string vi, string en, string? value) =>
        Raw("<p class=\"row\"><b>").Text(vi).Raw("</b> <span lang=\"en\">").Text(en).Raw("</span><span class=\"value\">").Text(value ?? "–").Raw("</span></p>");

    /// <summary>An instant as Vietnamese readers write it, at +07:00.</summary>
    public static string? Time(DateTimeOffset? time) =>
        time?.ToOffset(TimeSpan.FromHours(7)).ToString("dd/MM/yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture);

    public override string ToString() => _text.ToString();
}
