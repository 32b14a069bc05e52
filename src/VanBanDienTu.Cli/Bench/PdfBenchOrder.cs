using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Bench;

/// <summary>What <c>bench sign</c> and <c>bench verify</c> are to measure.</summary>
internal sealed record PdfBenchOrder
{
    public required string Pdf { get; init; }

    public required string KeyType { get; init; }

    public required BaselineLevel Level { get; init; }

    public required int Threads { get; init; }

    /// <summary>Above B-B: signatures that wait for their timestamp at the same time.</summary>
    public required int InFlight { get; init; }

    /// <summary>Files in the folder that is verified; null: 64.</summary>
    public int? Folder { get; init; }

    /// <summary>Bytes of a file to be made from the PDF; null: the PDF as it is.</summary>
    public long? Size { get; init; }

    public required int Seconds { get; init; }

    /// <summary>What other programs did: see <see cref="PeerRows"/>.</summary>
    public string? Peers { get; init; }
}
