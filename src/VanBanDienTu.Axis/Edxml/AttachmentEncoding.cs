using System.Security.Cryptography;
using System.Text;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>How the axis carries a file: some kinds as they are, every other kind inside a ZIP with one entry.</summary>
/// <remarks>Source: the official library's Attachment class, with its typing errors «xsl», «xslx»: a real xlsx goes into a ZIP.</remarks>
public static class AttachmentEncoding
{
    public const string Zip = "application/zip";

    private static readonly string[] Raw = ["pdf", "doc", "docx", "xsl", "xslx", "zip"];

    /// <summary>The content type of a file of that name, in the manifest and at the attachment.</summary>
    public static string ContentTypeOf(string fileName)
    {
        var extension = ExtensionOf(fileName);
        return Raw.Contains(extension, StringComparer.Ordinal) ? "application/" + extension : Zip;
    }

    /// <summary>Whether a file of that name travels inside a ZIP made for it.</summary>
    public static bool IsWrapped(string fileName) => IsWrapped(ContentTypeOf(fileName), fileName);

    /// <summary>Whether an attachment that was received is such a ZIP: it says zip, but its name does not.</summary>
    public static bool IsWrapped(string? contentType, string? fileName) =>
        string.Equals(contentType, Zip, StringComparison.OrdinalIgnoreCase)
        && fileName is { Length: > 0 } && ExtensionOf(fileName) != "zip";

    /// <summary>The entry's name: <c>uuid.ext</c>, the same for the same attachment, so that packing again gives the same bytes.</summary>
    internal static string EntryNameOf(string contentId, string fileName)
    {
        if (!Guid.TryParse(contentId, out var id))
            id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(contentId)).AsSpan(0, 16));
        var extension = ExtensionOf(fileName);
        return extension.Length == 0 ? id.ToString() : $"{id}.{extension}";
    }

    // Letters and digits only: the name of a stranger's file must not shape a path.
    private static string ExtensionOf(string fileName)
    {
        var dot = fileName.LastIndexOf('.');
        var extension = dot < 0 ? "" : fileName[(dot + 1)..].Trim().ToLowerInvariant();
        return extension.Length <= 10 && extension.All(char.IsAsciiLetterOrDigit) ? extension : "";
    }
}
