using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>A unit (cơ quan, đơn vị) as a packet names it.</summary>
public sealed record EdxmlOrgan
{
    public required OrganId OrganId { get; init; }

    /// <summary>The unit above it (cơ quan chủ quản).</summary>
    public string? InCharge { get; init; }

    public string? Name { get; init; }

    public string? Address { get; init; }

    public string? Email { get; init; }

    public string? Telephone { get; init; }

    public string? Fax { get; init; }

    public string? Website { get; init; }
}

/// <summary>Who signed: the prefix of competence (KT., TM., TL. …), position and name.</summary>
public sealed record SignerInfo(string? Competence, string? Position, string? FullName);

/// <summary>The clerk or officer who handled the packet.</summary>
public sealed record StaffInfo
{
    public string? Department { get; init; }

    public string? DepartmentId { get; init; }

    public string? StaffId { get; init; }

    public string? Staff { get; init; }

    public string? Email { get; init; }

    public string? Mobile { get; init; }
}
