using System.Security.Cryptography;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>What the systems outside the nodes know at one instant, and what they learn after it: every answer again with the same bytes.</summary>
internal sealed class Knowledge
{
    private readonly Dictionary<string, string> answers = new(StringComparer.Ordinal);
    private readonly List<string> contradictions = [];

    public Ledger Ledger { get; } = new();

    public IReadOnlyList<string> Contradictions => [.. contradictions, .. Ledger.Page().Contradictions];

    /// <param name="call">Names the call; repetitions have the same name.</param>
    public void Answered(string call, ReadOnlySpan<byte> answer)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(answer));
        if (!answers.TryAdd(call, digest) && answers[call] != digest) contradictions.Add($"{call} was answered with other bytes than before");
    }
}
