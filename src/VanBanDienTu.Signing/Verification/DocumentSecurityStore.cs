using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Certificates and revocation answers that a document brings in its catalogue's /DSS (ISO 32000-2, 12.8.4.3).</summary>
internal sealed record DocumentSecurityStore(IReadOnlyList<Certificate> Certificates, EmbeddedRevocation Revocation)
{
    private const int MaxStreams = 2_000;

    public static DocumentSecurityStore None { get; } = new([], EmbeddedRevocation.None);

    /// <summary>Reads the newest store; what cannot be read in it is left out, for it is only help.</summary>
    public static DocumentSecurityStore Read(PdfFile file) => Read(file, file.Newest.Index);

    /// <summary>The store as the document of that revision had it.</summary>
    public static DocumentSecurityStore Read(PdfFile file, int revision)
    {
        var view = file.At(file.Revisions[revision - 1]);
        if (view.Get(view.Catalog, "DSS") is not PdfDictionary store)
            return None;
        var certificates = Streams(view, store, "Certs").Select(c => Certificate.TryParse(c)).OfType<Certificate>().ToList();
        return new DocumentSecurityStore(certificates, new EmbeddedRevocation(Streams(view, store, "OCSPs"), Streams(view, store, "CRLs")));
    }

    /// <summary>Whether the document of that revision had a store at all.</summary>
    public static bool In(PdfFile file, int revision) => file.At(file.Revisions[revision - 1]).Catalog.Has("DSS");

    private static List<ReadOnlyMemory<byte>> Streams(PdfView view, PdfDictionary store, string key)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        if (view.Get(store, key) is not PdfArray array)
            return found;
        foreach (var item in array.Items.Take(MaxStreams))
        {
            try
            {
                if (view.Resolve(item) is PdfStream stream)
                    found.Add(view.Decode(stream));
            }
            catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
            {
                // A damaged entry helps nobody and harms nobody: what is missing shows up as unknown.
            }
        }
        return found;
    }
}
