using System.Globalization;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Appearances;

/// <summary>The lines of a signature that shows text: what NĐ 30/2020, Phụ lục I, asks of annexes and copies; else who signed, of which organisation, when.</summary>
internal static class AppearanceWords
{
    public static IReadOnlyList<string> For(SignatureRole role, SignatureAppearance appearance, Certificate certificate, DateTimeOffset time)
    {
        var when = time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture); // ISO 8601, +07:00
        var organ = certificate.SubjectKind == SubjectKind.Person ? certificate.Organization ?? certificate.CommonName : certificate.CommonName;
        return role switch
        {
            SignatureRole.Annex => appearance.Notation is { Length: > 0 } notation ? [notation, when] : [organ, when],
            SignatureRole.Copy => [NameOf(appearance.Copy), organ, when],
            SignatureRole.Organization => [$"Cơ quan: {organ}", $"Thời gian ký: {when}"],
            _ when certificate.Organization is { } organization => [$"Người ký: {certificate.CommonName}", $"Cơ quan: {organization}", $"Thời gian ký: {when}"],
            _ => [$"Người ký: {certificate.CommonName}", $"Thời gian ký: {when}"],
        };
    }

    private static string NameOf(CopyForm form) => form switch
    {
        CopyForm.Extract => "Trích sao",
        CopyForm.Copied => "Sao lục",
        _ => "Sao y",
    };
}
