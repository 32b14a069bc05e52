namespace VanBanDienTu.Cli.Nodes;

/// <summary>One node of the sample network.</summary>
/// <param name="Name">unit, ministry or government.</param>
/// <param name="Organ">The organ that runs it.</param>
/// <param name="ConfigFile">Its JSON file, for <c>vbdt serve --config</c>.</param>
/// <param name="LogFile">What it says goes here.</param>
internal sealed record SampleNode(string Name, string Organ, string ConfigFile, string LogFile, Uri Address);
