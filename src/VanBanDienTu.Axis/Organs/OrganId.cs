using System.Diagnostics.CodeAnalysis;

namespace VanBanDienTu.Axis.Organs;

/// <summary>Which rule a code follows.</summary>
public enum OrganIdForm
{
    /// <summary>QĐ 20/2020/QĐ-TTg, article 4: groups from the top down, <c>G12.18</c>.</summary>
    Qd20,

    /// <summary>QCVN 102:2016: 13 characters, groups from the bottom up, <c>000.00.18.G12</c>.</summary>
    Qcvn102,

    /// <summary>QĐ 20, article 6: other organisations, <c>Z01</c> and their own code, nothing between.</summary>
    Other,

    /// <summary>QĐ 20, article 5: a registration number of an enterprise, co-operative or household.</summary>
    Registration,

    /// <summary>None of these, but seen in real packets (<c>28.22.H17</c>): kept as received, with a warning.</summary>
    Odd,
}

/// <summary>An agency's code (mã định danh cơ quan, tổ chức), kept exactly as received.</summary>
/// <remarks>
/// Two forms of one unit are two codes: turning <c>000.00.18.G12</c> into <c>G12.18</c> is a guess that the axis's directory must confirm,
/// so it is never done here.
/// </remarks>
public sealed record OrganId
{
    /// <summary>The longest code that QĐ 20 allows.</summary>
    public const int MaxLength = 35;

    private OrganId(string text, OrganIdForm form) => (Text, Form) = (text, form);

    public string Text { get; }

    public OrganIdForm Form { get; }

    /// <exception cref="AxisException"><see cref="AxisFault.BadOrganId"/>.</exception>
    public static OrganId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new AxisException(
            AxisFault.BadOrganId,
            $"Mã định danh «{Shown(text)}» không hợp lệ: tối đa {MaxLength} ký tự gồm chữ số, chữ cái A–Z và dấu chấm, ví dụ G12.18.",
            $"The agency code «{Shown(text)}» is not valid: at most {MaxLength} digits, letters A–Z and dots, such as G12.18.");

    /// <summary>False for an empty or too long text, and for characters that no code has; odd forms are accepted as <see cref="OrganIdForm.Odd"/>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out OrganId? id)
    {
        id = null;
        var trimmed = text?.Trim();
        if (trimmed is not { Length: > 0 and <= MaxLength } || !trimmed.All(IsCodeCharacter) || !trimmed.Any(char.IsAsciiLetterOrDigit))
            return false;
        id = new OrganId(trimmed, FormOf(trimmed));
        return true;
    }

    /// <summary>
    /// Whether this unit is reached through <paramref name="route"/>: the same code, or one further down in whole groups.
    /// <c>G12.1</c> reaches <c>G12.1.4</c> and never <c>G12.18</c>; codes of other forms reach only themselves.
    /// </summary>
    public bool IsBehind(OrganId route)
    {
        if (string.Equals(Text, route.Text, StringComparison.Ordinal))
            return true;
        return Form == OrganIdForm.Qd20 && route.Form == OrganIdForm.Qd20
            && Text.Length > route.Text.Length && Text[route.Text.Length] == '.'
            && Text.StartsWith(route.Text, StringComparison.Ordinal);
    }

    public override string ToString() => Text;

    private static OrganIdForm FormOf(string text)
    {
        if (IsQcvn102(text))
            return OrganIdForm.Qcvn102;
        if (text.Length > 3 && text[0] == 'Z' && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && text.AsSpan(1, 2) is not "00")
            return OrganIdForm.Other;
        if (IsQd20(text))
            return OrganIdForm.Qd20;
        return IsRegistration(text) ? OrganIdForm.Registration : OrganIdForm.Odd;
    }

    private static bool IsQd20(string text)
    {
        if (text.Length < 3 || text[0] is < 'A' or > 'Y' || !char.IsAsciiDigit(text[1]) || !char.IsAsciiDigit(text[2]))
            return false;
        return text.Length == 3
            || (text[3] == '.' && text[4..].Split('.').All(g => g.Length > 0 && g.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))));
    }

    private static bool IsQcvn102(string text)
    {
        const string shape = "000.00.00.A00";
        return text.Length == shape.Length && text.Zip(shape).All(pair => pair.Second switch
        {
            '0' => char.IsAsciiDigit(pair.First),
            'A' => char.IsAsciiLetterUpper(pair.First),
            _ => pair.First == '.',
        });
    }

    // A tax or registration number: 10 digits, 13 with a branch (0100109106-001), 12 for a household's citizen number.
    private static bool IsRegistration(string text) =>
        (text.Length is 10 or 12 or 13 && text.All(char.IsAsciiDigit))
        || (text.Length == 14 && text[10] == '-' && text.Remove(10, 1).All(char.IsAsciiDigit));

    // A comma would break the DocumentId that senders build from the code; a slash has no place in a code either.
    private static bool IsCodeCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static string Shown(string? text) => text is null ? "" : text.Length <= 60 ? text : text[..60] + "…";
}
