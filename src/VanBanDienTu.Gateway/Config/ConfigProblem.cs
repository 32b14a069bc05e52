namespace VanBanDienTu.Gateway.Config;

/// <summary>One thing that is wrong in a configuration file.</summary>
/// <param name="Path">Where, like "members[2].certificates[0]".</param>
public sealed record ConfigProblem(string Path, string Vi, string En);
