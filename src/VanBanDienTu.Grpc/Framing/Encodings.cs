using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Framing;

/// <summary>The message encodings one side knows, besides identity.</summary>
internal sealed class Encodings
{
    public const string Identity = "identity";

    private readonly Dictionary<string, ICompressionProvider> providers = new(StringComparer.Ordinal);

    public Encodings(IEnumerable<ICompressionProvider>? custom)
    {
        foreach (var provider in custom ?? [new GzipCompressionProvider(CompressionLevel.Fastest)])
            providers[provider.EncodingName] = provider;
        Accepted = string.Join(',', providers.Keys.Prepend(Identity));
    }

    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public string Accepted { get; }

    /// <summary>Null for identity and for no name.</summary>
    /// <returns>False when the name is not known.</returns>
    public bool TryFind(string? name, out ICompressionProvider? provider)
    {
        provider = null;
        return string.IsNullOrEmpty(name) || string.Equals(name, Identity, StringComparison.Ordinal) || providers.TryGetValue(name, out provider);
    }

    /// <summary>Whether a list like <c>identity, gzip</c> names the encoding.</summary>
    public static bool Lists(string? acceptEncoding, string name)
    {
        foreach (var part in (acceptEncoding ?? "").AsSpan().Split(','))
        {
            if (acceptEncoding.AsSpan()[part].Trim().SequenceEqual(name))
                return true;
        }

        return false;
    }
}
