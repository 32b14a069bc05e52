namespace VanBanDienTu.Cli.Bench;

/// <summary>What the process of load and sink is told to do; its one argument, as JSON.</summary>
/// <param name="Node">The measured node.</param>
/// <param name="Pki">Folder of the sample authority.</param>
/// <param name="SinkPort">Where the sink listens; 0 = nothing is forwarded, the node's receipt ends a document.</param>
/// <param name="Size">Bytes of the attachment.</param>
/// <param name="InFlight">Documents on their way at the same time.</param>
/// <param name="Seconds">Of the measurement.</param>
/// <param name="Parked">Small documents for a destination that is dead, handed over before all else.</param>
internal sealed record RelayLoadOrder(Uri Node, string Pki, int SinkPort, int Size, int InFlight, int Seconds, int Parked);

/// <summary>What came of it.</summary>
/// <param name="Documents">Ended within the measurement.</param>
/// <param name="Seconds">How long it really was.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="HalfLoadP99">Milliseconds, when half as many are sent at an even pace, whether answers come or not.</param>
internal sealed record RelayLoadResult(long Documents, double Seconds, double P50, double P99, double HalfLoadP99);
