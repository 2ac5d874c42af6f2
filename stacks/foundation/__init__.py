"""What everything else stands on: keys by data class, network, private endpoints, flow logs."""
