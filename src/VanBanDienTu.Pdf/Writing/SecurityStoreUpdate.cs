using System.Security.Cryptography;

namespace VanBanDienTu.Pdf;

/// <summary>
/// Adds certificates, OCSP responses and CRLs to the document security store (/DSS of the catalogue), each once: what the
/// store holds already stays where it is and is not written again.
/// </summary>
/// <remarks>Source: ETSI EN 319 142-1, 5.4.2; ISO 32000-2, 12.8.4.3. /VRI entries of other programs are kept; none are written:
/// 5.4.2.3 leaves them to the signer, and a verifier has to look through the whole store anyway.</remarks>
public sealed record SecurityStoreUpdate
{
    private const int MaxStreams = 2_000;

    /// <summary>DER.</summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    /// <summary>OCSPResponse, DER.</summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>> OcspResponses { get; init; } = [];

    /// <summary>DER.</summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>> Crls { get; init; } = [];

    /// <summary>The bytes to append to the file; empty when the store holds all of it already.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: the file is damaged.</exception>
    public ReadOnlyMemory<byte> Build(PdfFile file)
    {
        var writer = new PdfIncrementalWriter(file);
        var root = writer.Root;
        var catalog = (PdfDictionary)writer.Load(root);
        var store = file.Resolve(catalog["DSS"]) as PdfDictionary ?? new PdfDictionary(("Type", new PdfName("DSS")));
        var grown = Grown(writer, Grown(writer, Grown(writer, store, "Certs", Certificates), "OCSPs", OcspResponses), "CRLs", Crls);
        if (ReferenceEquals(grown, store))
            return default;
        var place = (catalog["DSS"] as PdfReference)?.Target ?? writer.Reserve();
        writer.Replace(place, grown);
        var declared = EtsiExtension.Declare(writer, catalog["DSS"] is PdfReference ? catalog : catalog.With("DSS", new PdfReference(place)));
        if (!ReferenceEquals(declared, catalog))
            writer.Replace(root, declared);
        return writer.Build().Bytes;
    }

    private static PdfDictionary Grown(PdfIncrementalWriter writer, PdfDictionary store, string key, IReadOnlyCollection<ReadOnlyMemory<byte>> wanted)
    {
        var view = writer.File.At(writer.File.Newest);
        var items = (view.Get(store, key) as PdfArray)?.Items.ToList() ?? [];
        var known = items.Take(MaxStreams).Select(i => Digest(view, i)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var before = items.Count;
        foreach (var der in wanted)
        {
            if (known.Add(Convert.ToHexString(SHA256.HashData(der.Span))))
                items.Add(new PdfReference(writer.Add(new PdfStream(PdfDictionary.Empty, der))));
        }
        return items.Count == before ? store : store.With(key, new PdfArray(items));
    }

    private static string? Digest(PdfView view, PdfObject item)
    {
        try
        {
            return view.Resolve(item) is PdfStream stream ? Convert.ToHexString(SHA256.HashData(view.Decode(stream))) : null;
        }
        catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
        {
            return null; // a damaged entry is nothing's duplicate
        }
    }
}
