namespace VanBanDienTu.Pdf;

/// <summary>Whether a signature meets what its field requires of it: /SV, set by who made the form.</summary>
/// <remarks>Source: ISO 32000-2, table 237. An entry binds only when its bit of /Ff is set; /MDP always does.</remarks>
internal static class SeedValueCheck
{
    private const int SubFilter = 1 << 1;
    private const int Reasons = 1 << 3;

    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>, with what the field requires.</exception>
    public static void Run(PdfView view, PdfField field, string subFilter, string? reason, int? certify)
    {
        if (view.Get(field.Dictionary, "SV") is not PdfDictionary seed)
            return;
        var binding = view.Get(seed, "Ff") is PdfInteger flags ? flags.Value : 0;
        if ((binding & SubFilter) != 0 && List(view, seed, "SubFilter") is { Count: > 0 } forms && !forms.Contains(subFilter, StringComparer.Ordinal))
            throw Requires(field, $"dạng chữ ký {string.Join(", ", forms)}", $"a signature of the form {string.Join(", ", forms)}");
        if ((binding & Reasons) != 0 && List(view, seed, "Reasons") is { Count: > 0 } reasons && !reasons.Contains(reason ?? "", StringComparer.Ordinal))
            throw Requires(field, $"lý do ký là một trong: {string.Join("; ", reasons)}", $"one of these reasons: {string.Join("; ", reasons)}");
        if (view.Get(seed, "MDP") is not PdfDictionary mdp || view.Get(mdp, "P") is not PdfInteger { Value: >= 0 and <= 3 } level || level.Value == (certify ?? 0))
            return;
        throw level.Value == 0 ? Requires(field, "chữ ký thường, không phải chứng thực", "an ordinary signature, not a certification")
            : Requires(field, $"chữ ký chứng thực mức {level.Value} (--certify {level.Value})", $"a certification of level {level.Value}");
    }

    private static List<string> List(PdfView view, PdfDictionary seed, string key) => view.Get(seed, key) is PdfArray list
        ? [.. list.Items.Select(view.Resolve).Select(i => i is PdfName n ? n.Value : (i as PdfString)?.Text).OfType<string>()]
        : [];

    private static PdfException Requires(PdfField field, string vi, string en) => new(PdfFault.CannotWrite, $"Trường «{field.Name}» yêu cầu {vi}.", $"The field '{field.Name}' requires {en}.");
}
