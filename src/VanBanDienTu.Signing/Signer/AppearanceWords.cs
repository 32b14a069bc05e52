using System.Globalization;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing;

/// <summary>The lines of a visible signature: who signed, of which organisation, when (ISO 8601, +07:00).</summary>
internal static class AppearanceWords
{
    public static IReadOnlyList<string> For(SignatureRole role, Certificate certificate, DateTimeOffset time)
    {
        var who = role == SignatureRole.Organization ? "Cơ quan: " : "Người ký: ";
        var lines = new List<string> { who + certificate.CommonName };
        if (role == SignatureRole.Personal && certificate.Organization is { } organization)
            lines.Add("Cơ quan: " + organization);
        lines.Add("Thời gian ký: " + time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        return lines;
    }
}
